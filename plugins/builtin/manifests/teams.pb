
teams1.0.08List, create, change and delete teams, and their members"±A team has an id, mostly an alias, members and limits. On the command line it is named by the id, or by an alias that one team alone has: the gateway lets several have the same.*Ñ
listList teams."RThe list is complete, in the order of the ids. Who is no admin sees the own teams.*

teams list*5
)teams list --alias eng --jq '.[].team_id'ids only0:Q
aliaszTEXTŠteams’7Only teams whose alias contains this text, in any case.:+
limitzN’Show no more than this many.:/
pagezN’!Fetch this one page, and no more.:6
sizeB10zN’$Teams a page, with --page: 1 to 100.J·
idIDteam_id
aliasALIAS
team_alias
modelsMODELSmodels
spendSPENDspend 
limitLIMIT
max_budget )
budget_durationPERbudget_duration(!
membersMEMBERSmembers_count
blockedBLOCKEDblocked( 
createdCREATED
created_at 
team_idstring

team_aliasstring!
modelsarray2Empty for all.
spendnumber

max_budgetnumber
budget_durationstring-
members_countinteger2Only lists tell it.
blockedboolean

created_atstring
members_with_rolesarray
metadataany"teams*Ý
getShow one team.*
teams create --alias eng*
teams get eng*%
#teams get --alias eng --jq .team_id0:/
idZidzIDŠteams’The team with this id.:8
aliasZidzALIASŠteams’The team with this alias.BR
teamŠteams’5Id of the team, or the alias if only one team has it.Êteam_idJ°
idIDteam_id
aliasALIAS
team_alias
modelsMODELSmodels
spendSPENDspend 
limitLIMIT
max_budget )
budget_durationPERbudget_duration(!
membersMEMBERSmembers_count
blockedBLOCKEDblocked( 
createdCREATED
created_at 
team_idstring

team_aliasstring!
modelsarray2Empty for all.
spendnumber

max_budgetnumber
budget_durationstring-
members_countinteger2Only lists tell it.
blockedboolean

created_atstring
members_with_rolesarray
metadataany*¢
createCreate a team."yThe owner of the key that is used becomes an admin of the team; the gateway does so. A lost answer never makes two teams.*_
]teams create --alias eng --models mock-gpt,mock-claude --max-budget 500 --budget-duration 1mo*Q
Oteams create --alias eng --set metadata.owner=ada --if-not-exists --jq .team_id0:i
alias8zALIAS’TThe team's name. The gateway would let several teams have it; this command does not.:I
idzID’<The team's id; one of the command's own making if not given.:X
models(0zMODELŠmodels’7The models that the team may use; all if none is given.:6

max-budgetzDOLLARS’How much the team may spend.:`
budget-durationzTIME’DAfter this time the spending counts from nothing again: 30d, or 1mo.:#
	tpm-limitzN’Tokens a minute.:%
	rpm-limitzN’Requests a minute.:
set(z
PATH=VALUE€’uAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:d
if-not-exists’PIf a team has the alias already, print that one and name the fields that differ.J×
idIDteam_id
aliasALIAS
team_alias
modelsMODELSmodels
spendSPENDspend 
limitLIMIT
max_budget )
budget_durationPERbudget_duration(!
membersMEMBERSmembers_count
blockedBLOCKEDblocked( 
createdCREATED
created_at 
resultRESULTresult
team_idstring

team_aliasstring!
modelsarray2Empty for all.
spendnumber

max_budgetnumber
budget_durationstring-
members_countinteger2Only lists tell it.
blockedboolean

created_atstring
members_with_rolesarray
metadataany8
resultstring2&created, exists, updated or unchanged.Q
differsarray 2;With exists: the given fields that have other values there.zPOST /team/new*¸
update"Change the given fields of a team."…Everything that is not given stays as it is, within metadata too. --set FIELD=null takes a limit away; --models '' allows all models.*
teams create --alias eng*=
;teams update eng --max-budget 1000 --set metadata.owner=ada*2
&teams update eng --set max_budget=nullno limit0:/
idZidzIDŠteams’The team with this id.:,
aliaszALIAS’Give the team this alias.:X
models(0zMODELŠmodels’7The models that the team may use; all if none is given.:6

max-budgetzDOLLARS’How much the team may spend.:`
budget-durationzTIME’DAfter this time the spending counts from nothing again: 30d, or 1mo.:#
	tpm-limitzN’Tokens a minute.:%
	rpm-limitzN’Requests a minute.:
set(z
PATH=VALUE€’uAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.BR
teamŠteams’5Id of the team, or the alias if only one team has it.Êteam_idJ×
idIDteam_id
aliasALIAS
team_alias
modelsMODELSmodels
spendSPENDspend 
limitLIMIT
max_budget )
budget_durationPERbudget_duration(!
membersMEMBERSmembers_count
blockedBLOCKEDblocked( 
createdCREATED
created_at 
resultRESULTresult
team_idstring

team_aliasstring!
modelsarray2Empty for all.
spendnumber

max_budgetnumber
budget_durationstring-
members_countinteger2Only lists tell it.
blockedboolean

created_atstring
members_with_rolesarray
metadataany8
resultstring2&created, exists, updated or unchanged.Q
differsarray 2;With exists: the given fields that have other values there.zPOST /team/update*Ú
delete'Delete teams, and their keys with them."¼A team's keys and memberships go with it. On a terminal the command says so and asks. Everything is looked up before the first team is deleted: a name that may mean two teams deletes none.*
teams create --alias eng*
teams delete eng*#
!teams delete eng --ignore-missing0:6
id(0zID,â€¦Šteams’The teams with these ids.:H
alias(0z	ALIAS,â€¦Šteams’%The teams with exactly these aliases.:>
ignore-missing’)Do not fail for teams that are not there.Bt
team(Šteams’RIds of teams, or aliases that only one team has; - reads them from standard input. Êteam_idJØ
idIDteam_id
aliasALIAS
team_alias
resultRESULTresult*
keys_deletedKEYS DELETEDkeys_deleted3
members_removedMEMBERS REMOVEDmembers_removed
errorERRORerror(
team_idstring

team_aliasstring>
resultstring2,deleted, or not_found with --ignore-missing.
keys_deletedinteger
members_removedinteger=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*‰
blockStop all keys of teams."JA key that was used a short time ago may go on working for up to a minute.*
teams create --alias eng*
teams block eng*
teams unblock eng0:6
id(0zID,â€¦Šteams’The teams with these ids.:H
alias(0z	ALIAS,â€¦Šteams’%The teams with exactly these aliases.Bt
team(Šteams’RIds of teams, or aliases that only one team has; - reads them from standard input. Êteam_idJÜ
idIDteam_id
aliasALIAS
team_alias
blockedBLOCKEDblocked
resultRESULTresult
errorERRORerror(
team_idstring

team_aliasstring
blockedboolean'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*…
unblock!Let the keys of teams work again.0:6
id(0zID,â€¦Šteams’The teams with these ids.:H
alias(0z	ALIAS,â€¦Šteams’%The teams with exactly these aliases.Bt
team(Šteams’RIds of teams, or aliases that only one team has; - reads them from standard input. Êteam_idJÜ
idIDteam_id
aliasALIAS
team_alias
blockedBLOCKEDblocked
resultRESULTresult
errorERRORerror(
team_idstring

team_aliasstring
blockedboolean'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*å
	available!List the teams that one may join."fThese are the teams that the gateway's settings offer to everybody, less those that one is in already.*
teams available0J·
idIDteam_id
aliasALIAS
team_alias
modelsMODELSmodels
spendSPENDspend 
limitLIMIT
max_budget )
budget_durationPERbudget_duration(!
membersMEMBERSmembers_count
blockedBLOCKEDblocked( 
createdCREATED
created_at 
team_idstring

team_aliasstring!
modelsarray2Empty for all.
spendnumber

max_budgetnumber
budget_durationstring-
members_countinteger2Only lists tell it.
blockedboolean

created_atstring
members_with_rolesarray
metadataany"teams*Ð

assign-key&Assign the key that is used to a team."hThe key is the one that this command itself uses. Only an admin, or an admin of the team, may assign it.0:S
team-idzTEAMŠteams’7The team; on a terminal it is asked for when not given.JØ
keyKEYtoken 
nameNAMEkey_name(
teamTEAMteam_id
aliasALIAS
team_alias
modelsMODELSmodels
resultRESULTresult 
tokenstring2The key's hash.
key_namestring
team_idstring

team_aliasstring4
modelsarray2!Those of the team; empty for all.'
resultstring2updated or unchanged.*>
members3List, add, change and remove the members of a team.*¸
members
listList the members of a team.*
teams create --alias eng*
teams members list eng0BT
team8Šteams’5Id of the team, or the alias if only one team has it.Êteam_idJû
idIDuser_id
emailEMAIL
user_email
roleROLErole
teamTEAMteam_id($
limitLIMITmax_budget_in_team 
spendSPENDspend 
user_idstring

user_emailstring/
rolestring2user or admin, within the team.
team_idstring
max_budget_in_teamnumberD
spendnumber21In the team; null when the gateway does not tell."members*‡
members
addcreateMake users members of a team."¸Everybody must be a user of the gateway: nobody is made on the way. After each addition the team is read, for some versions of the gateway lose members that are added at the same time.*
teams create --alias eng*/
-users create --email ada@example.com --id ada*+
)teams members add eng ada --max-budget 20*7
5teams members add eng ada@example.com --if-not-exists0:v
roleBuserJuserJadminzROLE’Ruser or admin, within the team. An admin of a team needs a licence on the gateway.:H

max-budgetzDOLLARS’.How much the member may spend within the team.:
set(z
PATH=VALUE€’uAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:T
if-not-exists’@Who is a member already is printed, with the fields that differ.BT
team8Šteams’5Id of the team, or the alias if only one team has it.Êteam_idBv
user(8Šusers’RIds of users, or e-mails that only one user has; - reads them from standard input. Êuser_idJÏ
idIDuser_id
emailEMAIL
user_email
roleROLErole
teamTEAMteam_id($
limitLIMITmax_budget_in_team 
spendSPENDspend 
resultRESULTresult
errorERRORerror(
user_idstring

user_emailstring/
rolestring2user or admin, within the team.
team_idstring
max_budget_in_teamnumberD
spendnumber21In the team; null when the gateway does not tell.b
resultstring2Pcreated, exists, updated, unchanged or deleted; not_found with --ignore-missing.Q
differsarray 2;With exists: the given fields that have other values there.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.zPOST /team/member_add*¶
members
update)Change the role or the limits of members."`Everything that is not given stays as it is. --set max_budget_in_team=null takes the limit away.*
teams create --alias eng*:
8users create --email ada@example.com --id ada --team eng*.
,teams members update eng ada --max-budget 500:p
roleJuserJadminzROLE’Ruser or admin, within the team. An admin of a team needs a licence on the gateway.:H

max-budgetzDOLLARS’.How much the member may spend within the team.:
set(z
PATH=VALUE€’uAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.BT
team8Šteams’5Id of the team, or the alias if only one team has it.Êteam_idB{
user(8Šusers’WIds of members, or e-mails that only one of them has; - reads them from standard input. Êuser_idJÏ
idIDuser_id
emailEMAIL
user_email
roleROLErole
teamTEAMteam_id($
limitLIMITmax_budget_in_team 
spendSPENDspend 
resultRESULTresult
errorERRORerror(
user_idstring

user_emailstring/
rolestring2user or admin, within the team.
team_idstring
max_budget_in_teamnumberD
spendnumber21In the team; null when the gateway does not tell.b
resultstring2Pcreated, exists, updated, unchanged or deleted; not_found with --ignore-missing.Q
differsarray 2;With exists: the given fields that have other values there.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.zPOST /team/member_update*¢

members
removedelete;Take members out of a team, and their keys in it with them."kThe keys that a member has in the team go, too. On a terminal the command says so and asks. The user stays.*
teams create --alias eng*:
8users create --email ada@example.com --id ada --team eng*
teams members remove eng ada0:>
ignore-missing’)Do not fail for those who are no members.BT
team8Šteams’5Id of the team, or the alias if only one team has it.Êteam_idB{
user(8Šusers’WIds of members, or e-mails that only one of them has; - reads them from standard input. Êuser_idJÏ
idIDuser_id
emailEMAIL
user_email
roleROLErole
teamTEAMteam_id($
limitLIMITmax_budget_in_team 
spendSPENDspend 
resultRESULTresult
errorERRORerror(
user_idstring

user_emailstring/
rolestring2user or admin, within the team.
team_idstring
max_budget_in_teamnumberD
spendnumber21In the team; null when the gateway does not tell.b
resultstring2Pcreated, exists, updated, unchanged or deleted; not_found with --ignore-missing.Q
differsarray 2;With exists: the given fields that have other values there.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.2;
GET/v2/team/list%list teams, and find one by its alias2:
GET
/team/info'read one team with its keys and members24
GET/team/availablelist teams that one may join2<
GET/v2/user/info&ask whose key is used, and find people2(
GET
/user/listfind people by e-mail29
GET	/key/info'read the key that is used, to assign it2 
POST	/team/newcreate a team2"
PATCH
/team/{id}change a team27
POST/team/update!change a team on an older gateway2#
POST/team/deletedelete a team2!
POST/team/blockblock a team2%
POST/team/unblockunblock a team2&
POST/team/member_addadd a member2,
POST/team/member_updatechange a member2,
POST/team/member_deleteremove a member2:
POST/key/update%assign the key that is used to a teamRteams