-- What was refused to whom, and by which statement, for those who ask why. It decides nothing. Short texts are
-- empty where there is nothing to say.
CREATE TABLE refusal (
  request_id ${text} NOT NULL PRIMARY KEY,
  at ${number} NOT NULL,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  user_id ${text} NOT NULL,
  user_name ${text} NOT NULL,
  credential ${text} NOT NULL,
  source ${text} NOT NULL,
  action ${text} NOT NULL,
  resource ${text} NOT NULL,
  status ${number} NOT NULL,
  code ${text} NOT NULL,
  outcome ${text} NOT NULL,
  policy_id ${text} NOT NULL,
  policy_name ${text} NOT NULL,
  statement ${number} NOT NULL,
  sid ${text} NOT NULL
) ${clustered};

CREATE INDEX refusal_by_account ON refusal (account, at);
CREATE INDEX refusal_by_time ON refusal (at);
