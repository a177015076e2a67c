
users1.0.0%List, create, change and delete users"éA user has an id, mostly an e-mail, a role and limits. On the command line a user is named by the id, or by an e-mail that one user alone has.*´

listList users."JThe list is complete, in the order of the ids. Only admins may list users.*

users list*E
5users list --role internal_user --jq '.[].user_email'e-mails only*+
)users list --email example.com --limit 100:π
roleJproxy_adminJproxy_admin_viewerJinternal_userJinternal_user_viewerzROLEíbOnly users with this role: proxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer.:R
emailzTEXTäusersí8Only users whose e-mail contains this text, in any case.:I
teamzTEAMäteamsí0Only members of this team: its id, or its alias.:+
limitzNíShow no more than this many.:/
pagezNí!Fetch this one page, and no more.:6
sizeB25zNí$Users a page, with --page: 1 to 100.J‘
idIDuser_id
emailEMAIL
user_email
roleROLE	user_role
teamsTEAMSteams
aliasALIAS
user_alias(
spendSPENDspend 
limitLIMIT
max_budget 
keysKEYS	key_count 
createdCREATED
created_at 
user_idstring

user_emailstring
	user_rolestring;
teamsarray2)Ids of the teams the user is a member of.

user_aliasstring
spendnumber

max_budgetnumberN
	key_countinteger28Of the keys that belong to the user. Only lists tell it.

created_atstring!
modelsarray2Empty for all.
metadataany"users*û
getShow one user.*/
-users create --email ada@example.com --id ada*
users get ada*1
/users get --email ada@example.com --jq .user_id0:/
idZidzIDäusersíThe user with this id.::
emailZidzE-MAILäusersíThe user with this e-mail.BS
useräusersí6Id of the user, or the e-mail if only one user has it. user_idJÕ
idIDuser_id
emailEMAIL
user_email
roleROLE	user_role
teamsTEAMSteams
aliasALIAS
user_alias(
spendSPENDspend 
limitLIMIT
max_budget 
keysKEYS	key_count 
createdCREATED
created_at 
user_idstring

user_emailstring
	user_rolestring;
teamsarray2)Ids of the teams the user is a member of.

user_aliasstring
spendnumber

max_budgetnumberN
	key_countinteger28Of the keys that belong to the user. Only lists tell it.

created_atstring!
modelsarray2Empty for all.
metadataany*ª
createCreate a user."¨The teams are looked up before anything is made, and the memberships are checked afterwards. No key is made unless --with-key is given. A lost answer never makes two users.*X
Vusers create --email ada@example.com --alias Ada --max-budget 50 --budget-duration 1mo*U
9users create --email bob@example.com --with-key --jq .keythe key and nothing else*V
Tusers create --email ada@example.com --set metadata.cost_center=4711 --if-not-exists0:d
email8zE-MAILíNThe user's e-mail. No two users may have the same, in any case of its letters.:≠
roleBinternal_userJproxy_adminJproxy_admin_viewerJinternal_userJinternal_user_viewerzROLEíGproxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer.:$
aliaszTEXTíA name for people.:6

max-budgetzDOLLARSíHow much the user may spend.:`
budget-durationzTIMEíDAfter this time the spending counts from nothing again: 30d, or 1mo.:B
models(0zMODELämodelsí!The models that the user may use.:ê
set(z
PATH=VALUEÄíuAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:l
team(0zTEAMäteamsíOA team that the user is to be in: its id, or its alias if only one team has it.:I
idzIDí<The user's id; one of the command's own making if not given.:,
with-keyíMake a key for the user, too.:e
if-not-existsíQIf a user has the e-mail already, print that one and name the fields that differ.J€
idIDuser_id
emailEMAIL
user_email
roleROLE	user_role
teamsTEAMSteams
aliasALIAS
user_alias(
spendSPENDspend 
limitLIMIT
max_budget 
keysKEYS	key_count 
createdCREATED
created_at 
resultRESULTresult
secretSECRETkey
user_idstring

user_emailstring
	user_rolestring;
teamsarray2)Ids of the teams the user is a member of.

user_aliasstring
spendnumber

max_budgetnumberN
	key_countinteger28Of the keys that belong to the user. Only lists tell it.

created_atstring!
modelsarray2Empty for all.
metadataany8
resultstring2&created, exists, updated or unchanged.Q
differsarray 2;With exists: the given fields that have other values there.N
keystring (2;With --with-key: the user's new key. It is shown this once.zPOST /user/new*Ï
update"Change the given fields of a user."òEverything that is not given stays as it is, within metadata too. Another e-mail is --set user_email=E-MAIL. The gateway cannot empty a user's models, metadata or other fields; only limits can be taken away, as with --set max_budget=null. Memberships are changed by teams members.*/
-users create --email ada@example.com --id ada*=
;users update ada --max-budget 100 --set metadata.owner=data*F
:users update --email ada@example.com --set max_budget=nullno limit0:/
idZidzIDäusersíThe user with this id.::
emailZidzE-MAILäusersíThe user with this e-mail.:û
roleJproxy_adminJproxy_admin_viewerJinternal_userJinternal_user_viewerzROLEíGproxy_admin, proxy_admin_viewer, internal_user or internal_user_viewer.:$
aliaszTEXTíA name for people.:6

max-budgetzDOLLARSíHow much the user may spend.:`
budget-durationzTIMEíDAfter this time the spending counts from nothing again: 30d, or 1mo.:B
models(0zMODELämodelsí!The models that the user may use.:ê
set(z
PATH=VALUEÄíuAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.BS
useräusersí6Id of the user, or the e-mail if only one user has it. user_idJ€
idIDuser_id
emailEMAIL
user_email
roleROLE	user_role
teamsTEAMSteams
aliasALIAS
user_alias(
spendSPENDspend 
limitLIMIT
max_budget 
keysKEYS	key_count 
createdCREATED
created_at 
resultRESULTresult
secretSECRETkey
user_idstring

user_emailstring
	user_rolestring;
teamsarray2)Ids of the teams the user is a member of.

user_aliasstring
spendnumber

max_budgetnumberN
	key_countinteger28Of the keys that belong to the user. Only lists tell it.

created_atstring!
modelsarray2Empty for all.
metadataany8
resultstring2&created, exists, updated or unchanged.Q
differsarray 2;With exists: the given fields that have other values there.N
keystring (2;With --with-key: the user's new key. It is shown this once.zPOST /user/update*Ì

delete'Delete users, and their keys with them."‰A user's keys and memberships go, too; the gateway keeps no record of these keys. On a terminal the command says so and asks. Everything is looked up before the first user is deleted: a name that may mean two users deletes none.*/
-users create --email bob@example.com --id bob*&
$users delete --email bob@example.com*#
!users delete bob --ignore-missing*e
?users delete --role internal_user_viewer --ignore-missing --yes"all of them, 25 at most: see --max0:9
id(0zID,‚Ä¶äusersíThe users with these ids.–:E
email(0zE-MAILäusersí"The user with exactly this e-mail.–:s
roleJproxy_adminJproxy_admin_viewerJinternal_userJinternal_user_viewerzROLEíAll users with this role.–:5
teamzTEAMäteamsíAll members of this team.–:>
ignore-missingí)Do not fail for users that are not there.Bt
user(äusersíRIds of users, or e-mails that only one user has; - reads them from standard input.† user_idJá
idIDuser_id
emailEMAIL
user_email
resultRESULTresult*
keys_deletedKEYS DELETEDkeys_deleted
errorERRORerror(
user_idstring

user_emailstring>
resultstring2,deleted, or not_found with --ignore-missing.
keys_deletedinteger=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.25
GET
/user/list"list users, and find one by e-mail2>
GET/v2/user/info(read one user, and ask whose key is used29
GET
/team/info&read the teams that a user is to be in2.
GET/v2/team/listfind a team by its alias2/
GET	/key/listsay which keys go with a user2%
GET	/key/inforead a new key back2 
POST	/user/newcreate a user2#
POST/user/updatechange a user2#
POST/user/deletedelete a user2;
POST/team/member_add!make a new user a member of teams2:
POST/key/generate#make a key for a new user, if asked2D
POST/key/delete/delete a new key that is not what was asked forRusers