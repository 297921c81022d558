package dev.yaoku.conformance;

import static dev.yaoku.conformance.FullRequests.more;

import java.util.List;
import java.util.Map;

/**
 * What the walk's first request of an operation of identities leaves out, or has otherwise: with
 * it, there is every member that the operation reads, and nothing has a name that is taken.
 */
final class IdentityRequests {
  private static final String USER =
      "'name':'clerk-$label','domain_id':'$domain','enabled':true,"
          + "'description':'at the till','email':'$label@example.com'";

  /** Alone, as each one that is taken costs what a log-in costs. */
  private static final String PASSWORD =
      "'user':{'name':'clerk-$label','password':'Of-The-Shop-1'}";

  private static final String DETAILS =
      ",'areacode':'0086','phone':'123456789','access_mode':'programmatic','pwd_status':false,"
          + "'xuser_id':'of-ours','xuser_type':'TenantIdp'";
  private static final String GROUP =
      "'group':{'name':'clerks-$label','domain_id':'$domain','description':'who sell'}";
  private static final String AGENCY =
      "'agency':{'name':'auditors-$label','domain_id':'$domain','trust_domain_id':'$domain',"
          + "'trust_domain_name':'$domain_name','description':'look only','duration':'FOREVER'}";
  private static final String CREDENTIAL =
      "'credential':{'user_id':'$person','description':'for the till','status':'active'}";
  private static final String PROJECT =
      "'name':'$project_name_$label','domain_id':'$domain','parent_id':'$project',"
          + "'description':'of the shop'";
  private static final String OPENID =
      "'openid_connect_config':{'access_mode':'program','idp_url':'https://accounts.example.com',"
          + "'client_id':'yaoku','audiences':['yaoku'],'algorithms':['ES256'],";
  private static final String BY_TOKEN = "'methods':['token'],'token':{'id':'$subject'";
  private static final String ROLE =
      "'domain_id':'$domain','domain_name':'$domain_name','agency_name':'auditors',"
          + "'session_user':{'name':'november'}";
  private static final String OF_DOMAIN =
      "'scope':{'domain':{'id':'$domain','name':'$domain_name'}}";
  private static final String OF_PROJECT =
      "'scope':{'project':{'id':'$project','name':'$project_name',"
          + "'domain':{'id':'$domain','name':'$domain_name'}}}";

  private IdentityRequests() {}

  static final Map<String, List<String>> MORE =
      Map.ofEntries(
          more("CreateAccount", "'account':{'name':'guests-$label'}"),
          more("CreateAgency", AGENCY),
          more("UpdateAgency", AGENCY.replace("-$label", "")),
          more(
              "AssumeAgency",
              "'policy':{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:get']}]},"
                  + "'policy_ids':[],'tags':[],'transitive_tag_keys':[],'source_identity':''"),
          more("KeystoneCreateGroup", GROUP),
          more("KeystoneUpdateGroup", GROUP),
          more("KeystoneCreateUser", "'user':{" + USER + "}", PASSWORD),
          more("KeystoneUpdateUserByAdmin", "'user':{" + USER + "}", PASSWORD),
          more("CreateUser", "'user':{" + USER + DETAILS + "}", PASSWORD),
          more("UpdateUser", "'user':{" + USER + DETAILS + "}", PASSWORD),
          more("CreatePermanentAccessKey", CREDENTIAL),
          more("UpdatePermanentAccessKey", CREDENTIAL),
          more(
              "CreateTemporaryAccessKey",
              "'auth':{'identity':{"
                  + BY_TOKEN
                  + ",'duration_seconds':900},'policy':{'Version':'1.1','Statement':[{"
                  + "'Effect':'Allow','Action':['kms:cmk:get']}]}}}",
              "'auth':{'identity':{'methods':['assume_role'],'assume_role':{"
                  + ROLE
                  + ",'duration_seconds':900}}}"),
          more(
              "CreateCloudServiceCustomPolicy",
              "'role':{'display_name':'Readers-$label','type':'XA','description':'read keys',"
                  + "'policy':{'Version':'1.1','Statement':[{'Effect':'Allow',"
                  + "'Action':['kms:cmk:get','kms:cmk:list']}]}}"),
          more("KeystoneCreateProject", "'project':{" + PROJECT + ",'status':'normal'}"),
          more("KeystoneUpdateProject", "'project':{" + PROJECT + ",'status':'normal'}"),
          more("UpdateProjectStatus", "'project':{" + PROJECT + ",'status':'suspended'}"),
          more(
              "UpdateIdentityProvider",
              "'identity_provider':{'description':'of both shops','enabled':true}"),
          more(
              "CreateOpenIdConnectConfig",
              OPENID + "'signing_key':'$key_set'}",
              OPENID + "'jwks_uri':'https://accounts.example.com/keys'}",
              OPENID + "'jwks_file':'keys.json'}"),
          more(
              "UpdateOpenIdConnectConfig",
              OPENID + "'signing_key':'$key_set'}",
              OPENID + "'jwks_uri':'https://accounts.example.com/keys'}",
              OPENID + "'jwks_file':'keys.json'}"),
          more(
              "CreateTokenWithIdToken",
              "'auth':{'id_token':{'id':'$id_token'}," + OF_PROJECT + "}",
              "'auth':{'id_token':{'id':'$id_token'}," + OF_DOMAIN + "}"),
          more(
              "PutClientAuthority",
              "'client_authority':{'certificate':'$authority','enabled':true}"),
          more(
              "CreateToken",
              "'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'$person',"
                  + "'name':'clerk','password':'Of-The-Shop-1','domain':{'id':'$domain',"
                  + "'name':'$domain_name'}}}}}",
              "'auth':{'identity':{" + BY_TOKEN + "}}," + OF_DOMAIN + "}",
              "'auth':{'identity':{" + BY_TOKEN + "}}," + OF_PROJECT + "}",
              "'auth':{'identity':{'methods':['hw_ak_sk'],'hw_ak_sk':{'access':{'key':'$ak'},"
                  + "'secret':{'key':'$sk'}}},"
                  + OF_PROJECT
                  + "}",
              "'auth':{'identity':{'methods':['assume_role'],'assume_role':{"
                  + ROLE
                  + ",'xrole_name':'auditors'}},"
                  + OF_DOMAIN
                  + "}",
              "'auth':{'identity':{'methods':['hw_assume_role'],'hw_assume_role':{"
                  + ROLE
                  + ",'xrole_name':'auditors'}},"
                  + OF_DOMAIN
                  + "}"));
}
