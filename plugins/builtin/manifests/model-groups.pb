
model-groups1.0.0(List public models with modes and prices*Æ
listBList model groups with mode, limits and prices per million tokens.*
model-groups list*;
9model-groups list --jq 'map({model: .model_group, mode})'0J÷!
model_groupMODELmodel_group
modeMODEmode!
	providers	PROVIDERS	providers3
max_input_tokens	MAX INPUTmax_input_tokens (6
max_output_tokens
MAX OUTPUTmax_output_tokens (0

input_cost
INPUT $/1Minput_cost_per_token 3
output_costOUTPUT $/1Moutput_cost_per_token 
model_groupstring
modestring
	providersarray
max_input_tokensnumber
max_output_tokensnumber
input_cost_per_tokennumber
output_cost_per_tokennumber"model groupsr,
/model_group/infolist model groupsdata2/
GET/model_group/inforead the model groups