
keys1.0.02List, make, change, rotate and delete virtual keys"•A virtual key is what a person or a program calls models with. It is named by its hash, by at least 12 digits of it, by its alias, or by the secret itself; - reads names from standard input, so that a secret need not stand in the shell's history. A key's secret is shown once, when it is made.*ê
list3List keys, with what they may spend and have spent."√The list is whole, or an error: rows that are added or removed while it is read are neither lost nor shown twice. A key that is no admin's sees its owner's keys only; the end of the list says so.*
	keys list*S
;keys list --jq '.[] | select(.max_budget == null) | .token'keys without a limit*G
Ekeys list --status expired -o csv --columns key_alias,user_id,expires0:4
user-idzIDäusersíOnly keys of this user.–:4
team-idzIDäteamsíOnly keys of this team.–:<
organization-idzIDíOnly keys of this organization.–:`
statusJactiveJexpiredJblockedzSTATUSí.Only keys that are active, expired or blocked.–:M
key-hashzHASHí8Only the key with this hash, or with one that begins so.:@
	key-aliaszALIASäkeysí"Only keys with exactly this alias.:U
include-team-keysí=For a user who is no admin: the keys of the user's teams too.:W
return-full-objectí>Records have all members anyway; the older tool had this flag.:+
limitzNíShow no more than this many.:E
pagezNí7Show this page of the list only, as the older tool did.:8
sizezNí*Rows of a page, 1 to 100; 10 if not given.J‰
keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key."keys*keys*ˆ
infogetShow one key.*3
1keys generate --key-alias ci-build --duration 30d*"
keys info ci-buildby its alias*?
=keys info --alias ci-build --jq '{spend, max_budget, status}'0:2
keyzKEYäkeysíThe same as the argument.¿:N
hashzHASHí=The key with this hash, or the only one whose hash begins so.::
aliaszALIASäkeysí The key with exactly this alias.Bú
namezKEYäkeysíyThe key: a hash, 12 digits of one, an alias, the secret, or - to read it from standard input. Without it: the key in use.†¿ keyJﬁ
keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key."keys*©
generatecreate%Make a key. Its secret is shown once."ΩThe secret is made here, sent, and read back by its hash: so a lost answer never makes two keys, and what is printed is what the gateway has. The output is the only place where it is shown.*\
Zkeys generate --key-alias ci-build --max-budget 50 --budget-duration 1mo --models mock-gpt*f
Ikeys generate --key-alias nightly --duration 30d --secret-out nightly.keythe secret goes to a file*@
>keys generate --key-alias ci-build --if-not-exists --jq .token0:S
models(0z	MODEL,‚Ä¶ämodelsí.Models that the key may use; all if not given.:P
aliaseszJSONí9Other names for models: {"name that is called": "model"}.ò:*
configzJSONíSettings of the key.ò:<
metadatazJSONí$Whatever is to be kept with the key.ò:a
spendzDOLLARSíLRecord that so much was spent already. It is no limit: that is --max-budget.:1

max-budgetzDOLLARSíWhat the key may spend.:P
budget-durationzTIMEí4How often the spend begins anew, such as 30d or 1mo.:I
durationzTIMEí4How long the key works from now, such as 24h or 30d.:5
	budget-idzIDí!A budget that several keys share.:B
	key-aliaszALIASí+A name for the key, which no other key has.:;
team-idzIDäteamsí!The team that the key belongs to.:;
user-idzIDäusersí!The user that the key belongs to.:#
	tpm-limitzNíTokens a minute.:%
	rpm-limitzNíRequests a minute.:M
tags(0zTAG,‚Ä¶í5Tags for spend; the gateway wants a licence for them.:ê
set(z
PATH=VALUEÄíuAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:Ä
typeJllm_apiJ
managementJ	read_onlyzTYPEíOWhat the key is for: llm_api for models, management for the gateway, read_only.:i

secret-outzFILEíOWrite the key to this new file, which only you can read, and not to the output.∞:]
if-not-existsíIIf a key has the alias already, print it and name the fields that differ.J€

secretSECRETkey
keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(
resultRESULTresultW
keystring (2DThe key itself, this once. Absent with exists and with --secret-out.O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key.$
resultstring2created or exists.Q
differsarray 2;With exists: the given fields that have other values there.zPOST /key/generate*—
update!Change the given fields of a key."ôEverything that is not given stays as it is; --set metadata.owner=ada keeps the other metadata. --set max_budget:=null clears a field, whatever its kind.*3
1keys generate --key-alias ci-build --duration 30d*&
$keys update ci-build --max-budget 80*E
Ckeys update ci-build --set metadata.owner=ada --set rpm_limit:=null0:
hashZasíKEY is a hash.: 
aliasZasíKEY is an alias.:S
models(0z	MODEL,‚Ä¶ämodelsí.Models that the key may use; all if not given.:P
aliaseszJSONí9Other names for models: {"name that is called": "model"}.ò:*
configzJSONíSettings of the key.ò:<
metadatazJSONí$Whatever is to be kept with the key.ò:a
spendzDOLLARSíLRecord that so much was spent already. It is no limit: that is --max-budget.:1

max-budgetzDOLLARSíWhat the key may spend.:P
budget-durationzTIMEí4How often the spend begins anew, such as 30d or 1mo.:I
durationzTIMEí4How long the key works from now, such as 24h or 30d.:5
	budget-idzIDí!A budget that several keys share.:B
	key-aliaszALIASí+A name for the key, which no other key has.:;
team-idzIDäteamsí!The team that the key belongs to.:;
user-idzIDäusersí!The user that the key belongs to.:#
	tpm-limitzNíTokens a minute.:%
	rpm-limitzNíRequests a minute.:M
tags(0zTAG,‚Ä¶í5Tags for spend; the gateway wants a licence for them.:ê
set(z
PATH=VALUEÄíuAny other field of the request, typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.B~
key8äkeysí]The key: a hash, 12 digits of one, an alias, the secret, or - to read it from standard input.†¿ tokenJß

keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(
resultRESULTresult
errorERRORerror(O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key.'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.zPOST /key/update*»
block1Stop keys from working, until they are unblocked."yA key that is named by its secret is then tried until the gateway refuses it, and the record says after how many seconds.*3
1keys generate --key-alias ci-build --duration 30d*
keys block ci-build*-
+keys generate --user-id u-17 --duration 30d*5
keys block --user-id u-17 --yesall keys of a user0:1
hash(0zHASH,‚Ä¶íKeys by their hashes.–:;
alias(0z	ALIAS,‚Ä¶äkeysíKeys by their aliases.–:4
user-idzIDäusersíOnly keys of this user.–:4
team-idzIDäteamsíOnly keys of this team.–:<
organization-idzIDíOnly keys of this organization.–:`
statusJactiveJexpiredJblockedzSTATUSí.Only keys that are active, expired or blocked.–Bã
key(äkeysíjKeys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line.†¿ tokenJ“
keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(
resultRESULTresult
errorERRORerror(/
refused_afterREFUSED AFTERrefused_after(O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key.'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.x
refused_afternumber 2]Seconds until a call with the key was refused; only for keys that were named by their secret.*´
unblockLet blocked keys work again.*3
1keys generate --key-alias ci-build --duration 30d*
keys unblock ci-build0:1
hash(0zHASH,‚Ä¶íKeys by their hashes.–:;
alias(0z	ALIAS,‚Ä¶äkeysíKeys by their aliases.–:4
user-idzIDäusersíOnly keys of this user.–:4
team-idzIDäteamsíOnly keys of this team.–:<
organization-idzIDíOnly keys of this organization.–:`
statusJactiveJexpiredJblockedzSTATUSí.Only keys that are active, expired or blocked.–Bã
key(äkeysíjKeys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line.†¿ tokenJß

keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name(
resultRESULTresult
errorERRORerror(O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key.'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*Ï
deleteDelete keys."’Every key is looked up first, deleted by its hash, and looked for again: the gateway calls deleted whatever it was asked to delete, and takes every key that shares an alias. An alias that two keys have is refused.*3
1keys generate --key-alias ci-build --duration 30d*
keys delete ci-build*?
=keys delete --key-aliases old-batch,ci-build --ignore-missing*á
_keys list --status active --jq '.[].token' | litellm-proxy keys delete - --yes --ignore-missing$all that work, 25 at most: see --max0:1
hash(0zHASH,‚Ä¶íKeys by their hashes.–:;
alias(0z	ALIAS,‚Ä¶äkeysíKeys by their aliases.–:4
user-idzIDäusersíOnly keys of this user.–:4
team-idzIDäteamsíOnly keys of this team.–:<
organization-idzIDíOnly keys of this organization.–:`
statusJactiveJexpiredJblockedzSTATUSí.Only keys that are active, expired or blocked.–:O
keys(0zKEY,‚Ä¶äkeysí*The same as KEY, as the older tool had it.¿–:?
key-aliases(0z	ALIAS,‚Ä¶äkeysíThe same as --alias.–:=
ignore-missingí(Do not fail for keys that are not there.Bã
key(äkeysíjKeys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line.†¿ tokenJÜ
namedNAMEDkey
keyKEYtoken 
aliasALIAS	key_alias
resultRESULTresult
errorERRORerror(:
keystring2+What it was named by; a secret by its hash.
tokenstring 
	key_aliasstring /
resultstring2deleted, not_found or failed.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*Ä
rotateNGive keys new secrets, with the same grants; the old ones work a while longer."◊Where the gateway's licence has it the gateway does it. Elsewhere the old key is renamed, a new one is made with its alias, its grants and its spend, and the old one is given an end. At every moment one of them works. If the command is interrupted, run it again: it finds what was begun, takes back a new key that nobody has seen, and goes on.*3
1keys generate --key-alias ci-build --duration 30d*
keys rotate ci-build*A
)keys rotate ci-build --grace 1h --jq .keythe new secret alone0:1
hash(0zHASH,‚Ä¶íKeys by their hashes.–:;
alias(0z	ALIAS,‚Ä¶äkeysíKeys by their aliases.–:4
user-idzIDäusersíOnly keys of this user.–:4
team-idzIDäteamsíOnly keys of this team.–:<
organization-idzIDíOnly keys of this organization.–:`
statusJactiveJexpiredJblockedzSTATUSí.Only keys that are active, expired or blocked.–:<
graceB24hzTIMEí%How long the old key goes on working.Bã
key(äkeysíjKeys: hashes, at least 12 digits of one, aliases or secrets; - reads them from standard input, one a line.†¿ tokenJÒ
secretSECRETkey
keyKEYtoken 
aliasALIAS	key_alias
ownerOWNERuser_id
teamTEAMteam_id
spendSPENDspend 
limitLIMIT
max_budget 
perPERbudget_duration(
expiresEXPIRESexpires  
	last_usedUSEDlast_active 
statusSTATUSstatus
modelsMODELSmodels("
createdCREATED
created_at (

created_byBY
created_by(
maskedMASKEDkey_name( 
replacesREPLACESreplaces #
	old_until	OLD UNTIL	old_until 
resultRESULTresult
errorERRORerror(1
keystring (2The new key itself, this once.O
tokenstring2>The SHA-256 of the secret, which the gateway knows the key by.
	key_aliasstring
user_idstring
team_idstring;
spendnumber2*In dollars. It counts up to a minute late.

max_budgetnumber=
budget_durationstring2 How often the spend begins anew.
expiresstring
last_activestring-
statusstring2active, expired or blocked.
modelsarray2Empty: all.

created_atstring

created_bystring
blockedboolean(
	tpm_limitinteger2Tokens a minute.*
	rpm_limitinteger2Requests a minute.8
budget_reset_atstring2When the spend begins anew.
metadataobject8
key_namestring2$The secret, masked. It names no key..
replacesstring 2The hash of the old key.-
	old_untilstring 2When the old key ends.=
namedstring 2*With several: the name of one that failed.B
resultstring20created; not_found or failed for one of several.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*„
import8Make the keys of another gateway here, with new secrets."öNo gateway tells the secrets of its keys: the keys are made anew, with their aliases, owners, teams, grants, limits, spend and the time that they have left. The new secrets go to a new file that only you can read; its name is printed at the end. Keys that have expired are left out.*B
,--dry-run keys import --from-profile sandboxwhat would be made*O
Mkeys import --from-profile sandbox --created-since 2026-01-01 --if-not-exists0:Q
source-base-url
ZsourcezURLíAddress of the other gateway.™source-api-key:7
source-api-keyzKEYÄíKey for the other gateway.:N
from-profile
ZsourcezNAMEäprofilesí"The other gateway, by its profile.:\
created-sincezTIMEíBOnly keys made since then: 2026-01-31 or 2026-01-31_15:04, in UTC.:)
team-idzIDíOnly keys of this team.:T
print-secretsí@Print the new secrets, as the older tool did, and write no file.:Y
if-not-existsíELeave keys alone that were imported before, or whose alias is in use.J‘
secretSECRETkey
sourceSOURCEsource 
keyKEYtoken 
aliasALIAS	key_alias
resultRESULTresult
errorERRORerror(<
keystring (2)The new key itself, with --print-secrets.!
sourcestring2Its hash there.!
tokenstring 2Its hash here.
	key_aliasstring,
resultstring2created, exists or failed.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.2
GET	/key/list	list keys2
GET	/key/inforead one key2%
GET/key/aliasescomplete aliases2M
GET/v2/user/info7know whose list of keys it is, and that an owner exists2A
GET
/team/info.check that a team exists before a key names it2F
POST/budget/info0check that a budget exists before a key names it28
GET
/v1/models%see with a key whether it still works2!
POST/key/generate
make a key2!
POST/key/updatechange a key2
POST
/key/blockblock a key2#
POST/key/unblockunblock a key2G
POST/key/{key}/regenerate(rotate a key where the licence allows it2!
POST/key/deletedelete a keyRkeys