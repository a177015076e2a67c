
models1.0.0!List, add, change and test models"‹A model is a name that callers use. Behind a name stand one or more deployments, each with its parameters. A deployment is known by its id.*¹
list%List the models that the key may use.*
models list*'
models list --jq '.[].id'
names only**
(models list -o csv --columns id,owned_by0:+
limitzN’Show no more than this many.JÕ
idIDid
objectOBJECTobject
createdCREATEDcreated 
owned_byOWNED BYowned_by(
idstring2The name that callers use.
objectstring
createdinteger
owned_bystring"modelsr

/v1/modelslist modelsdata*š	
info'List deployments with their parameters.*
models info*J
Hmodels info --columns public_model,upstream_model,input_cost,output_cost*^
0models info --source db --jq '.[].model_info.id'*ids of the deployments that can be changed0:9
namezNAMEŠmodels’Only deployments of this model.:K

credentialzNAMEŠcredentials’&Only deployments with this credential.:G
providerzNAME’2Only deployments of this provider, such as openai.:c
sourceJdbJconfigzSOURCE’BOnly deployments from the database or from the configuration file.:+
limitzN’Show no more than this many.Jž(
public_modelPUBLIC MODEL
model_name6
upstream_modelUPSTREAM MODELlitellm_params.modelG
credential_name
CREDENTIAL&litellm_params.litellm_credential_name(3

created_at
CREATED ATmodel_info.created_at (1

updated_at
UPDATED ATmodel_info.updated_at 
idIDmodel_info.id=

input_cost
INPUT $/1Mmodel_info.input_cost_per_token (@
output_costOUTPUT $/1M model_info.output_cost_per_token (0

model_namestring2The name that callers use.
litellm_paramsobject

model_infoobject"deploymentsr(
/v1/model/infolist deploymentsdata*ñ
getShow one deployment.*
models get --name mock-gpt*0
.models get --name mock-gpt --jq .model_info.id0::
idZnamezIDŠdeployments’The same as the argument.:q
nameZnamezNAMEŠmodels’QAll deployments of this model: an object if it has one, a list if it has several.B2
model-idŠdeployments’Id of the deployment.Jž(
public_modelPUBLIC MODEL
model_name6
upstream_modelUPSTREAM MODELlitellm_params.modelG
credential_name
CREDENTIAL&litellm_params.litellm_credential_name(3

created_at
CREATED ATmodel_info.created_at (1

updated_at
UPDATED ATmodel_info.updated_at 
idIDmodel_info.id=

input_cost
INPUT $/1Mmodel_info.input_cost_per_token (@
output_costOUTPUT $/1M model_info.output_cost_per_token (0

model_namestring2The name that callers use.
litellm_paramsobject

model_infoobject"deployments*à
addcreateAdd a deployment."ÊWithout the parameter model the upstream model is NAME. The deployment gets an id of its own, unless -i id=ID gives one; so a lost answer never makes two. Several deployments of one name share its load.*n
Lmodels add fast -p model=openai/gpt-4o-mini -p api_key=@key.txt -i mode=chatthe provider's key from a file*A
?models add gpt-4 --param api_key=sk-123 --param max_tokens=20480:“
paramp(z
PATH=VALUE€’sA parameter (litellm_params), typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:Z
infoi(z
PATH=VALUE’>A field of model_info, typed and read the same way as --param.:d
if-not-exists’PIf the model has a deployment already, print it and name the fields that differ.B,
name8’The name that callers will use.Jµ
model_idIDmodel_id&

model_namePUBLIC MODEL
model_name
resultRESULTresult
model_idstring

model_namestring
litellm_paramsobject

model_infoobject$
resultstring2created or exists.Q
differsarray 2;With exists: the given fields that have other values there.*—
import4Add the deployments of a LiteLLM configuration file."ÛThe whole file is checked before anything is sent. An entry without model_info.id gets an id that follows from what it is, its secrets left aside: the same file again makes nothing twice. An entry that was changed since is another deployment, unless it has an id of its own. os.environ/NAME is sent as it is: the gateway reads its own environment.*l
Dmodels info --source db --jq '{model_list: .}' -o yaml > config.yaml$what a gateway has, without its keys*:
#models import config.yaml --dry-runwhat would be added*R
Pmodels import config.yaml --only-models-matching-regex '^azure/' --if-not-exists0:V
only-models-matching-regexzREGEX’.Only deployments whose upstream model matches.:b
!only-access-groups-matching-regexzREGEX’3Only deployments with an access group that matches.:‚
if-not-exists’nLeave out what is there already under any id: the same model_name and the same parameters, secrets left aside.BT
file8’GA LiteLLM configuration file with a model_list; - reads standard input.Já
model_idIDmodel_id(&

model_namePUBLIC MODEL
model_name0
upstream_modelUPSTREAM MODELupstream_model-
access_groupsACCESS GROUPSaccess_groups
resultRESULTresult
errorERRORerror(
model_idstring

model_namestring
upstream_modelstring
access_groupsarray,
resultstring2created, exists or failed.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it."models*È
update'Change the given fields of deployments."‹Everything that is not given stays as it is, within nested fields too. Deployments from the gateway's configuration file cannot be changed.*9
7models update sandbox-gpt-4o-mini-eu -p temperature=0.7*`
Amodels update sandbox-gpt-4o-mini-eu -p extra_headers.x-team=dataone header; the others stay0:“
paramp(z
PATH=VALUE€’sA parameter (litellm_params), typed as LiteLLM's schema has it. PATH:=JSON forces JSON, PATH=@FILE reads the value.:Z
infoi(z
PATH=VALUE’>A field of model_info, typed and read the same way as --param.:7
namezNAME’&Give the deployments this public name.B8
model-id(8Šdeployments’Ids of the deployments.J‚
model_idIDmodel_id&

model_namePUBLIC MODEL
model_name
resultRESULTresult
errorERRORerror(
model_idstring

model_namestringC
litellm_paramsany 2(Absent when they could not be read back.'
resultstring2updated or unchanged.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*¯
deleteDelete deployments.*7
5models delete sandbox-gpt-4o-mini-eu --ignore-missing0:D
ignore-missing’/Do not fail for deployments that are not there.B8
model-id(8Šdeployments’Ids of the deployments.JÔ
model_idIDmodel_id&

model_namePUBLIC MODEL
model_name
resultRESULTresult
errorERRORerror(
model_idstring

model_namestring>
resultstring2,deleted, or not_found with --ignore-missing.=
errorstring 2*With several targets: why this one failed.2
saidstring 2 The gateway's own reason for it.*º
testMAsk the gateway to reach a deployment's provider. This costs a request there.*
models test sandbox-mock-gpt0B8
model-id(8Šdeployments’Ids of the deployments.J†
model_idIDmodel_id
modelUPSTREAM MODELmodel
healthyHEALTHYhealthy
errorERRORerror
model_idstring
modelstring
healthyboolean
errorstring H
saidstring 26The gateway's own reason, when it could not be tested.22
GET
/v1/modelslist the models the key may use2'
GET/v1/model/inforead deployments2*
GET/v2/model/inforead one deployment2]
GET/credentials/by_name/{nameâ€¦}6check that a credential exists before a model names it2$
POST
/model/newadd a deployment20
PATCH/model/{id}/updatechange a deployment2?
POST/model/update(change a deployment whose id has a slash2*
POST/model/deletedelete a deployment2!
GET/healthtest a deploymentRdeploymentsRmodels