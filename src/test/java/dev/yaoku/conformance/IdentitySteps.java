package dev.yaoku.conformance;

import static dev.yaoku.conformance.Step.get;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every operation that manages identities once, in an order in which each succeeds. */
final class IdentitySteps {
  private static final String DOCUMENT =
      "{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:get','kms:cmk:list']}]}";
  private static final String ROLE =
      "{'role':{'display_name':'Readers of $label','type':'XA','description':'read keys','policy':"
          + DOCUMENT
          + "}}";
  private static final String ABOUT_USER = "/v3/users/$person";
  private static final String IN_DETAIL = "/v3.0/OS-USER/users";
  private static final String ABOUT_DETAILS = IN_DETAIL + "/$cashier";
  private static final String PROTECT = ABOUT_DETAILS + "/login-protect";
  private static final String ACCOUNTS = "/v3/OS-YAOKU/accounts";
  private static final String ABOUT_GROUP = "/v3/groups/$group";
  private static final String ABOUT_POLICY = "/v3.0/OS-ROLE/roles/$role";
  private static final String ABOUT_AGENCY = "/v3.0/OS-AGENCY/agencies/$agency";
  private static final String ABOUT_KEY = "/v3.0/OS-CREDENTIAL/credentials/$credential";

  private IdentitySteps() {}

  static final List<Step> ALL = all();

  private static List<Step> all() {
    List<Step> steps = new ArrayList<>(making());
    steps.addAll(inDetail());
    steps.addAll(accounts());
    assignments(steps, "Group", "groups/$group", "/v3/", "/v3/OS-INHERIT/");
    assignments(steps, "User", "users/$person", "/v3/", "/v3/OS-INHERIT/");
    assignments(steps, "Agency", "agencies/$agency", "/v3.0/OS-AGENCY/", "/v3.0/OS-INHERIT/");
    steps.addAll(undoing());
    return List.copyOf(steps);
  }

  private static Step step(String operation, String method, String target, String body) {
    return new Step(operation, method, target, body, Map.of());
  }

  /** Of those who run the installation. */
  private static List<Step> accounts() {
    return List.of(
        step("CreateAccount", "POST", ACCOUNTS, "{'account':{'name':'guests of $label'}}")
            .noting("guests", "/account/id"),
        get("ListAccounts", ACCOUNTS),
        step("UpdateAccount", "PATCH", ACCOUNTS + "/$guests", "{'account':{'enabled':false}}"));
  }

  private static List<Step> making() {
    return List.of(
        step(
                "KeystoneCreateUser",
                "POST",
                "/v3/users",
                "{'user':{'name':'clerk','password':'Of-The-Shop-1','description':'at the till'}}")
            .noting("person", "/user/id", "domain", "/user/domain_id"),
        get("KeystoneListUsers", "/v3/users?name=clerk"),
        get("KeystoneShowUser", ABOUT_USER),
        step(
            "KeystoneUpdateUserByAdmin",
            "PATCH",
            ABOUT_USER,
            "{'user':{'description':'in the back'}}"),
        step(
                "KeystoneCreateGroup",
                "POST",
                "/v3/groups",
                "{'group':{'name':'clerks','description':'who sell'}}")
            .noting("group", "/group/id"),
        get("KeystoneListGroups", "/v3/groups"),
        get("KeystoneShowGroup", ABOUT_GROUP),
        step("KeystoneUpdateGroup", "PATCH", ABOUT_GROUP, "{'group':{'description':'who sold'}}"),
        step("KeystoneAddUserToGroup", "PUT", ABOUT_GROUP + "/users/$person", ""),
        step("KeystoneCheckUserInGroup", "HEAD", ABOUT_GROUP + "/users/$person", ""),
        get("KeystoneListUsersForGroupByAdmin", ABOUT_GROUP + "/users"),
        get("KeystoneListGroupsForUser", ABOUT_USER + "/groups"),
        step(
                "CreatePermanentAccessKey",
                "POST",
                "/v3.0/OS-CREDENTIAL/credentials",
                "{'credential':{'user_id':'$person','description':'for the till'}}")
            .noting("credential", "/credential/access"),
        get("ListPermanentAccessKeys", "/v3.0/OS-CREDENTIAL/credentials?user_id=$person"),
        get("ShowPermanentAccessKey", ABOUT_KEY),
        step("UpdatePermanentAccessKey", "PUT", ABOUT_KEY, "{'credential':{'status':'inactive'}}"),
        step(
            "CreateTemporaryAccessKey",
            "POST",
            "/v3.0/OS-CREDENTIAL/securitytokens",
            "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':900},'policy':"
                + DOCUMENT
                + "}}}"),
        step("CreateCloudServiceCustomPolicy", "POST", "/v3.0/OS-ROLE/roles", ROLE)
            .noting("role", "/role/id"),
        get("ListCustomPolicies", "/v3.0/OS-ROLE/roles"),
        get("ShowCustomPolicy", ABOUT_POLICY),
        step("UpdateCloudServiceCustomPolicy", "PATCH", ABOUT_POLICY, ROLE),
        get("KeystoneListPermissions", "/v3/roles?display_name=KMS%20CMKFullAccess"),
        get("KeystoneShowPermission", "/v3/roles/system_all_39"),
        step(
                "CreateAgency",
                "POST",
                "/v3.0/OS-AGENCY/agencies",
                "{'agency':{'name':'auditors','trust_domain_name':'$domain_name',"
                    + "'duration':'FOREVER'}}")
            .noting("agency", "/agency/id"),
        get("ListAgencies", "/v3.0/OS-AGENCY/agencies?name=auditors"),
        get("ShowAgency", ABOUT_AGENCY),
        step("UpdateAgency", "PUT", ABOUT_AGENCY, "{'agency':{'description':'look only'}}"),
        step(
            "AssumeAgency",
            "POST",
            "/v5/agencies/assume",
            "{'agency_urn':'iam::$domain:agency:auditors','agency_session_name':'november',"
                + "'duration_seconds':3600}"),
        get("GetCallerIdentity", "/v5/caller-identity"),
        step(
                "KeystoneCreateProject",
                "POST",
                "/v3/projects",
                "{'project':{'name':'$project_name_shop','description':'of the shop'}}")
            .noting("site", "/project/id"),
        get("KeystoneShowProject", "/v3/projects/$site"),
        step(
            "KeystoneUpdateProject",
            "PATCH",
            "/v3/projects/$site",
            "{'project':{'description':'of both shops'}}"),
        get("ShowProjectDetailsAndStatus", "/v3-ext/projects/$site"),
        step(
            "UpdateProjectStatus",
            "PUT",
            "/v3-ext/projects/$site",
            "{'project':{'status':'suspended'}}"));
  }

  private static List<Step> inDetail() {
    return List.of(
        step(
                "CreateUser",
                "POST",
                IN_DETAIL,
                "{'user':{'name':'cashier','domain_id':'$domain','email':'cashier@example.com',"
                    + "'areacode':'0086','phone':'123456789','pwd_status':false}}")
            .noting("cashier", "/user/id"),
        get("ShowUser", ABOUT_DETAILS),
        step("UpdateUser", "PUT", ABOUT_DETAILS, "{'user':{'description':'at the till'}}"),
        step(
            "UpdateUserInformation",
            "PUT",
            IN_DETAIL + "/$user/info",
            "{'user':{'email':'admin@example.com','mobile':'0086-123456789'}}"),
        get("ListUserLoginProtects", "/v3.0/OS-USER/login-protects"),
        get("ShowUserLoginProtect", PROTECT),
        step(
            "UpdateLoginProtect",
            "PUT",
            PROTECT,
            "{'login_protect':{'enabled':false,'verification_method':'sms'}}"));
  }

  private static void assignments(
      List<Step> steps, String side, String holder, String before, String inherited) {
    four(steps, side + "Project", before + "projects/$site/" + holder + "/roles", "");
    four(steps, side + "Domain", before + "domains/$domain/" + holder + "/roles", "");
    four(
        steps,
        side + "AllProjects",
        inherited + "domains/$domain/" + holder + "/roles",
        "/inherited_to_projects");
  }

  private static void four(List<Step> steps, String name, String path, String after) {
    String one = path + "/$role" + after;
    steps.add(step("Associate" + name + "Permission", "PUT", one, ""));
    steps.add(step("Check" + name + "Permission", "HEAD", one, ""));
    steps.add(get("List" + name + "Permissions", path + after));
    if (name.equals("GroupProject")) {
      steps.add(get("KeystoneListRoleAssignments", "/v3/role_assignments?role.id=$role"));
    }
    steps.add(step("Remove" + name + "Permission", "DELETE", one, ""));
  }

  private static List<Step> undoing() {
    return List.of(
        step("DeleteAgency", "DELETE", ABOUT_AGENCY, ""),
        step("DeleteCustomPolicy", "DELETE", ABOUT_POLICY, ""),
        step("DeletePermanentAccessKey", "DELETE", ABOUT_KEY, ""),
        step("KeystoneRemoveUserFromGroup", "DELETE", ABOUT_GROUP + "/users/$person", ""),
        step("KeystoneDeleteGroup", "DELETE", ABOUT_GROUP, ""),
        step("KeystoneDeleteUser", "DELETE", ABOUT_USER, ""));
  }
}
