package gateway

var (
	keyMadeForm    = formOf(keyMade)
	routerForm     = formOf(routerShape)
	keyListedForm  = formOf(keyListed, keyListedMore)
	keyRowForm     = formOf(keyListed)
	keyOfUserForm  = formOf(keyOfUser)
	deletedKeyForm = formOf(keyListed, keyDeleted)
)

// The members of a key in answers, in their order and with the values they
// have when nothing is set (observed on LiteLLM 1.106.2).

// keyMade is the answer of /key/generate; /user/new appends to it.
const keyMade = `{"key_alias":null,"duration":null,"models":[],"spend":0.0,"max_budget":null,"user_id":null,"team_id":null,
"agent_id":null,"max_parallel_requests":null,"metadata":{},"tpm_limit":null,"rpm_limit":null,"budget_duration":null,
"budget_limits":null,"allowed_cache_controls":[],"config":{},"permissions":{},"model_max_budget":{},"budget_fallbacks":{},
"model_rpm_limit":null,"model_tpm_limit":null,"mcp_rpm_limit":null,"tag_rpm_limit":null,"guardrails":null,"policies":null,
"prompts":null,"blocked":null,"aliases":{},"object_permission":null,"key":"","tpd_limit":null,
"default_estimated_output_tokens":null,"default_estimated_output_tokens_per_model":null,"budget_id":null,
"end_user_budget_id":null,"tags":null,"disable_global_guardrails":null,"enable_prompt_caching":null,
"throttle_on_budget_exceeded":null,"enforced_params":null,"allowed_routes":[],"allowed_passthrough_routes":null,
"denied_passthrough_routes":null,"allowed_vector_store_indexes":null,"rpm_limit_type":null,"tpm_limit_type":null,
"router_settings":` + routerShape + `,
"access_group_ids":[],"key_name":null,"key_type":"default","expires":null,"token_id":null,"organization_id":null,
"project_id":null,"litellm_budget_table":null,"token":null,"created_by":null,"updated_by":null,"created_at":null,
"updated_at":null}`

// routerShape is router_settings in keyMade.
const routerShape = `{"routing_strategy_args":null,"routing_strategy":null,"routing_groups":null,"retry_policy":null,
"model_group_retry_policy":null,"model_group_affinity_config":null,"allowed_fails":null,"cooldown_time":null,
"num_retries":null,"timeout":null,"max_retries":null,"retry_after":null,"fallbacks":null,"context_window_fallbacks":null,
"model_group_alias":{},"enable_tag_filtering":null,"weights":null,"tag_routing_prefix":null,"optional_pre_call_checks":null}`

// keyListed is a row of /key/list?return_full_object=true up to the members
// that come from the team, the organization and the request.
const keyListed = `{"token":null,"key_name":null,"key_alias":null,"spend":0.0,"total_spend":0.0,"max_budget":null,"expires":null,
"models":[],"aliases":{},"config":{},"user_id":null,"team_id":null,"agent_id":null,"project_id":null,
"max_parallel_requests":null,"metadata":{},"tpm_limit":null,"rpm_limit":null,"tpd_limit":null,"budget_duration":null,
"budget_reset_at":null,"allowed_cache_controls":[],"allowed_routes":[],"key_type":null,"permissions":{},"model_spend":{},
"model_max_budget":{},"budget_fallbacks":{},"soft_budget_cooldown":false,"blocked":null,"litellm_budget_table":null,
"budget_id":null,"org_id":null,"created_at":null,"created_by":null,"updated_at":null,"updated_by":null,
"settings_updated_at":null,"last_active":null,"object_permission_id":null,"object_permission":null,"access_group_ids":[],
"rotation_count":0,"auto_rotate":false,"rotation_interval":null,"last_rotation_at":null,"key_rotation_at":null,
"router_settings":{},"budget_limits":null}`

// keyListedMore is what /key/list appends to keyListed.
const keyListedMore = `{"team_spend":null,"team_alias":null,"team_tpm_limit":null,"team_rpm_limit":null,"team_tpd_limit":null,
"team_max_budget":null,"team_soft_budget":null,"team_model_max_budget":null,"team_models":[],"team_blocked":false,
"soft_budget":null,"team_model_aliases":null,"team_member":null,"team_metadata":null,"team_object_permission_id":null,
"team_member_spend":null,"team_member_tpm_limit":null,"team_member_rpm_limit":null,"end_user_id":null,
"end_user_tpm_limit":null,"end_user_rpm_limit":null,"end_user_tpd_limit":null,"end_user_max_budget":null,
"end_user_model_max_budget":null,"organization_alias":null,"organization_max_budget":null,"organization_tpm_limit":null,
"organization_rpm_limit":null,"organization_metadata":null,"project_alias":null,"project_metadata":null,
"last_refreshed_at":null,"api_key":null,"user_role":null,"allowed_model_region":null,"parent_otel_span":null,
"rpm_limit_per_model":null,"tpm_limit_per_model":null,"user_tpm_limit":null,"user_rpm_limit":null,"user_email":null,
"user_spend":null,"user_max_budget":null,"user_model_max_budget":null,"request_route":null,"is_session_token":false,
"user":null,"created_by_user":null,"end_user_object_permission":null,"team_object_permission":null,"jwt_claims":null}`

// keyDeleted is what a row of the archive has behind keyListed.
const keyDeleted = `{"id":null,"organization_id":null,"deleted_at":null,"deleted_by":null,"deleted_by_api_key":null,
"litellm_changed_by":null}`

// keyOfUser is a row in the keys of /user/info for one user; the answer for
// the master key has keyListed rows.
const keyOfUser = `{"token":null,"key_name":null,"key_alias":null,"soft_budget_cooldown":false,"spend":0.0,"total_spend":0.0,
"expires":null,"models":[],"aliases":{},"config":{},"router_settings":{},"user_id":null,"team_id":null,"agent_id":null,
"project_id":null,"permissions":{},"max_parallel_requests":null,"metadata":{},"blocked":null,"tpm_limit":null,
"rpm_limit":null,"tpd_limit":null,"max_budget":null,"budget_duration":null,"budget_reset_at":null,
"allowed_cache_controls":[],"allowed_routes":[],"key_type":null,"policies":[],"access_group_ids":[],"model_spend":{},
"model_max_budget":{},"budget_fallbacks":{},"budget_id":null,"organization_id":null,"object_permission_id":null,
"created_at":null,"created_by":null,"updated_at":null,"updated_by":null,"settings_updated_at":null,"last_active":null,
"rotation_count":0,"auto_rotate":false,"rotation_interval":null,"last_rotation_at":null,"key_rotation_at":null,
"budget_limits":null,"litellm_budget_table":null,"litellm_organization_table":null,"litellm_project_table":null,
"object_permission":null,"jwt_key_mappings":null}`
