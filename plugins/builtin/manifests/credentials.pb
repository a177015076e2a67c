
credentials1.0.08List, create, change and delete credentials of providers"ÎA credential is a provider's key, and what belongs to it, under a name that models refer to (litellm_credential_name). It has values, which are secret, and info, which is not. What is secret is never shown.*§
list%List credentials. Secrets are masked.*
credentials list*9
+credentials list --jq '.[].credential_name'
names only0:+
limitzN’Show no more than this many.J×
nameNAMEcredential_name*
display_nameDISPLAY NAMEdisplay_name
sourceSOURCEsource9
providerPROVIDER#credential_info.custom_llm_provider%
valuesVALUEScredential_values(9
credential_namestring2The name that models refer to.
display_namestringN
sourcestring2<db, or config for one from the gateway's configuration file.
credential_infoobject2
credential_valuesobject2Secrets are masked."credentials*credentialsr 
/credentialslist credentials*º
get(Show one credential. Secrets are masked.*t
rcredentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txt*
credentials get openai-prod0B2
name8Šcredentials’Name of the credential.J½
nameNAMEcredential_name*
display_nameDISPLAY NAMEdisplay_name
sourceSOURCEsource9
providerPROVIDER#credential_info.custom_llm_provider%
valuesVALUEScredential_values(9
credential_namestring2The name that models refer to.
display_namestringN
sourcestring2<db, or config for one from the gateway's configuration file.
credential_infoobject2
credential_valuesobject2Secrets are masked.*ù
createCreate a credential."Ç--info and --values are needed, unless --set gives what would be in them. A secret in a file does not stand in the shell's history: --values @values.json, or --set credential_values.api_key=@key.txt.*˜
•credentials create azure-prod --info='{"custom_llm_provider": "azure"}' --values='{"api_key": "sk-123", "api_base": "https://prod.azure.openai.com"}'*‰
rcredentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txtthe key from a file0:j
infozJSON’VWhat is known of it, as an object: custom_llm_provider and more. @FILE and @- read it.˜:s
valueszJSON€’ZIts secrets and addresses, as an object: api_key, api_base and more. @FILE and @- read it.˜:4
display-nameZdisplayzTEXT’A name for people.:u
set(z
PATH=VALUE€’ZAny field of the request, such as credential_values.api_key=@FILE. PATH:=JSON forces JSON.:l
if-not-exists’XIf there is a credential of that name already, print it and name the fields that differ.B+
name8’The name that models refer to.J¼
nameNAMEcredential_name*
display_nameDISPLAY NAMEdisplay_name
resultRESULTresult
credential_namestring
display_namestring
credential_infoany c
credential_valuesany 2EAs the gateway has them, masked; absent when they were not read back.8
resultstring2&created, exists, updated or unchanged.c
differsarray 2MWith exists: the given fields that have other values there, secrets left out.*Ä
update(Change the given fields of a credential."˜Everything that is not given stays as it is. Secrets cannot be compared, so a value that is given always counts as a change. The name cannot be changed.*t
rcredentials create openai-prod --info '{"custom_llm_provider": "openai"}' --set credential_values.api_key=@key.txt*V
Gcredentials update openai-prod --set credential_values.api_key=@key.txtanother key*e
ccredentials update openai-prod --set credential_info.owner=data --display-name 'OpenAI, production'0:j
infozJSON’VWhat is known of it, as an object: custom_llm_provider and more. @FILE and @- read it.˜:s
valueszJSON€’ZIts secrets and addresses, as an object: api_key, api_base and more. @FILE and @- read it.˜:4
display-nameZdisplayzTEXT’A name for people.:u
set(z
PATH=VALUE€’ZAny field of the request, such as credential_values.api_key=@FILE. PATH:=JSON forces JSON.:=
clear-display-nameZdisplay’Take the display name away.B2
name8Šcredentials’Name of the credential.J¼
nameNAMEcredential_name*
display_nameDISPLAY NAMEdisplay_name
resultRESULTresult
credential_namestring
display_namestring
credential_infoany c
credential_valuesany 2EAs the gateway has them, masked; absent when they were not read back.8
resultstring2&created, exists, updated or unchanged.c
differsarray 2MWith exists: the given fields that have other values there, secrets left out.*é
delete&Delete credentials that no model uses."rA credential that a model uses is refused: the gateway would delete it, and the model would fail at its next call.*0
.credentials delete azure-prod --ignore-missing0:D
ignore-missing’/Do not fail for credentials that are not there.:G
force’;Delete those too that models use: calls to these will fail.B[
name(8Šcredentials’;Names of the credentials; - reads them from standard input. J¢
nameNAMEcredential_name
resultRESULTresult
errorERRORerror(
credential_namestring>
resultstring2,deleted, or not_found with --ignore-missing.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.2%
GET/credentialslist credentials2W
GET/credentials/by_name/{nameâ€¦}0read one credential, whose name may have slashes2)
POST/credentialscreate a credential24
PATCH/credentials/{nameâ€¦}change a credential25
DELETE/credentials/{nameâ€¦}delete a credential2M
GET/v1/model/info6see which models use a credential before it is deletedRcredentials