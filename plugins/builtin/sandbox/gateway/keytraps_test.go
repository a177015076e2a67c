package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const trapKey = "sk-trap-0000000000001"

// The traps of section 1 of the observations, each with what it does not do.
func TestKeyGenerateRefusals(t *testing.T) {
	g := openTest(t, Options{})
	const licensed = "This feature is only available for LiteLLM Enterprise users: "
	run(t, g, []step{
		{"POST", "/key/generate", `{"budget_id":"none"}`, 500, `{"error":{"message":"{'error': 'Internal Server Error.'}","type":"internal_server_error","param":null,"code":"500"}}`},
		{"POST", "/key/generate", `{"tpm_limit":99999999999999999999}`, 500, `Internal Server Error.`},
		{"POST", "/key/generate", `{"duration":"30"}`, 500, `{"error":{"message":"Unsupported duration unit, passed duration: 30","type":"internal_server_error","param":null,"code":"500"}}`},
		{"POST", "/key/generate", `{"duration":"-1"}`, 500, `Invalid duration format`},
		{"POST", "/key/generate", `{"budget_duration":"2mo"}`, 400, `{'error': \"Invalid budget_duration '2mo'. Use a format like '1h', '24h', '7d', or '30d'.\"}`},
		{"POST", "/key/generate", `{"max_budget":-1}`, 400, `max_budget must be a non-negative finite number. Received: -1.0`},
		{"POST", "/key/generate", `{"max_budget":"NaN"}`, 400, `Received: nan`},
		{"POST", "/key/generate", `{"organization_id":"none"}`, 500, `Organization doesn't exist in db. Organization=none.`},
		{"POST", "/key/generate", `{"tags":["a"]}`, 403, licensed + "tags"},
		{"POST", "/key/generate", `{"guardrails":["a"]}`, 403, licensed + "guardrails"},
		{"POST", "/key/generate", `{"model_max_budget":{"a":{}}}`, 500, `Invalid model_max_budget: You must have an enterprise license`},
		{"POST", "/key/generate", "{\"key_alias\":\"a\\u0000\"}", 400, `{"error":{"message":"Invalid key_alias","type":"bad_request_error","param":"key_alias","code":"400"}}`},
		{"POST", "/key/generate", `{"key_type":"zz"}`, 422, `"type":"enum","loc":["body","key_type"]`},
		{"POST", "/key/generate", `{"models":"x"}`, 422, `"type":"list_type","loc":["body","models"]`},
		{"GET", "/key/list", "", 200, `"total_count":0`},
		{"POST", "/key/generate", `{"duration":"0s","key_alias":"born expired"}`, 200, `"expires":"20`},
		{"POST", "/key/generate", `{"duration":"30min","budget_duration":"2w"}`, 200, `"budget_duration":"2w"`},
		{"POST", "/key/generate", `{"tpm_limit":-1,"user_id":"none","team_id":"none","bogus":1}`, 200, `"tpm_limit":-1`},
		{"POST", "/key/generate", `{"tags":[],"enforced_params":["user"]}`, 200, `"metadata":{"enforced_params":["user"],"tags":[]}`},
		{"POST", "/key/generate", `{"soft_budget":1,"key_alias":"soft"}`, 200, `"litellm_budget_table":{"budget_id":"`},
		{"POST", "/key/generate", `{"key_type":"llm_api","key_alias":"llm"}`, 200, `"allowed_routes":["llm_api_routes"]`},
	})
}

// TestOwnKeyThatExists: the answer is fiction.
func TestOwnKeyThatExists(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	g := openTest(t, Options{Now: func() time.Time { return now }})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","key_alias":"first","max_budget":7}`).want(200)
	call(t, g, "POST", "/key/block", `{"key":"`+trapKey+`"}`).want(200)
	now = now.Add(time.Hour)
	run(t, g, []step{
		{"POST", "/key/generate", `{"key":"` + trapKey + `","key_alias":"second","max_budget":99}`, 200, `"max_budget":99.0`},
		{"POST", "/key/generate", `{"key":"` + trapKey + `"}`, 200, `"created_at":"2026-11-24T02:00:00.000000Z","updated_at":"2026-11-24T03:00:00.000000Z"`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"key_alias":"first"`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"max_budget":7.0`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"status":"revoked"`},
		{"POST", "/key/generate", `{"key":"` + trapKey + `","key_alias":"first"}`, 400, `Key with alias 'first' already exists.`},
	})
}

func TestKeyInfo(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","key_alias":"a","duration":"1h"}`).want(200)
	run(t, g, []step{
		{"GET", "/key/info?key=" + trapKey, "", 200, `{"key":"` + trapKey + `","info":{"key_name":"sk-...0001"`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `+00:00","models":[]`},
		{"GET", "/key/info?key=" + strings.ToUpper(hashKey(trapKey)), "", 404, `{"error":{"message":"Key not found in database","type":"not_found_error","param":"key","code":"404"}}`},
		{"GET", "/key/info?key_alias=a", "", 404, `Key not found in database`},
		{"POST", "/v2/key/info", `{"keys":["sk-none","` + trapKey + `"]}`, 200, `{"key":["sk-none","` + trapKey + `"],"info":[{"key_name":`},
		{"POST", "/v2/key/info", `{"keys":["sk-none"]}`, 200, `{"key":["sk-none"],"info":[]}`},
		{"POST", "/v2/key/info", `{"key_aliases":["a"]}`, 200, `{"key":null,"info":[{`},
		{"POST", "/v2/key/info", `{}`, 422, `At least one of 'keys' or 'key_aliases' must be provided.`},
		{"POST", "/v2/key/info", ``, 422, `{'message': 'Malformed request. No keys passed in.'}`},
	})
	call(t, g, "GET", "/key/info", "", trapKey).want(200).contains(`{"key":"` + hashKey(trapKey) + `"`)
	call(t, g, "GET", "/key/info?key="+trapKey, "").lacks(`"token"`)
}

func TestKeyUpdate(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","key_alias":"a","max_budget":5,"rpm_limit":60,"metadata":{"a":1},"duration":"1h","budget_duration":"30d"}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key_alias":"b"}`).want(200)
	call(t, g, "POST", "/user/new", `{"key_alias":"b"}`).want(200) // an alias that is taken, not checked here
	call(t, g, "POST", "/team/new", `{"team_id":"t"}`).want(200)
	update := func(members string, status int, contains string) step {
		return step{"POST", "/key/update", `{"key":"` + trapKey + `",` + members + `}`, status, contains}
	}
	run(t, g, []step{
		{"POST", "/key/update", `{}`, 422, `Value error, either key or key_alias must be provided`},
		{"POST", "/key/update", `{"key":"` + trapKey + `"}`, 200, `{"key":"` + trapKey + `","token":"` + hashKey(trapKey) + `","key_name":"sk-...0001","key_alias":"a"`},
		{"POST", "/key/update", `{"key":"sk-none"}`, 404, `{"error":{"message":"Key not found.","type":"not_found_error","param":"key","code":"404"}}`},
		{"POST", "/key/update", `{"key_alias":"none"}`, 404, `Key not found. No key with key_alias='none'.`},
		{"POST", "/key/update", `{"key_alias":"b","max_budget":1}`, 400, `Multiple keys share key_alias='b', so it cannot be used as an identifier.`},
		{"POST", "/key/update", `{"key_alias":"a","rpm_limit":61}`, 200, `"rpm_limit":61`},
		update(`"key_alias":"b"`, 400, `Key with alias 'b' already exists.`),
		update(`"key_alias":"a"`, 200, `"key_alias":"a"`),
		update(`"team_id":"none"`, 404, `Team doesn't exist in db. Team=none.`),
		update(`"team_id":"t"`, 200, `"team_id":"t"`),
		update(`"max_budget":null,"rpm_limit":null,"team_id":null,"duration":null,"budget_duration":null,"key_alias":null`, 200, `"key_alias":null,"soft_budget_cooldown":false,"spend":0.0,"total_spend":0.0,"expires":null`),
		update(`"budget_id":null`, 200, `"rpm_limit":null,"tpd_limit":null,"max_budget":null,"budget_duration":null,"budget_reset_at":null`),
		update(`"models":null`, 400, "`data.models`: A value is required but not set"),
		update(`"spend":null`, 400, "`data.spend`: A value is required but not set"),
		update(`"models":[]`, 200, `"models":[]`),
		update(`"metadata":{"b":2}`, 200, `"metadata":{"b":2}`),
		update(`"model_rpm_limit":{"m":1}`, 200, `"metadata":{"b":2,"model_rpm_limit":{"m":1}}`),
		update(`"duration":"abc"`, 400, `Authentication Error, Invalid duration format`),
		update(`"duration":"1h"`, 200, `"expires":"20`),
		update(`"duration":"-1"`, 200, `"expires":null`),
		update(`"max_budget":-1`, 400, `Received: -1.0`),
		update(`"budget_duration":"2mo"`, 400, `Invalid budget_duration '2mo'`),
		update(`"budget_id":"none"`, 400, `Foreign key constraint failed`),
		update(`"tags":["x"]`, 403, `Enterprise users: tags`),
		update(`"temp_budget_increase":1`, 422, `must be set together`),
	})
}

// TestPoisonedKeys: a null in an object is taken, and then nothing works until
// it is replaced by {}.
func TestPoisonedKeys(t *testing.T) {
	for _, name := range poisonous {
		t.Run(name, func(t *testing.T) {
			g := openTest(t, Options{})
			call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","key_alias":"a","`+name+`":null}`).want(200)
			call(t, g, "POST", "/key/generate", `{"key":"sk-healthy-00000001","key_alias":"b"}`).want(200)
			call(t, g, "GET", "/models", "", trapKey).want(200)
			call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","`+name+`":null}`).want(200).contains(`"` + name + `":null`)
			why := fmt.Sprintf(`1 validation error for %%s\n%s\n  Input should be a valid dictionary [type=dict_type, input_value=None, input_type=NoneType]`, name)
			run(t, g, []step{
				{"GET", "/key/list?return_full_object=true", "", 500, `"Authentication Error, ` + fmt.Sprintf(why, "UserAPIKeyAuth")},
				{"GET", "/key/list?return_full_object=true&key_alias=b", "", 200, `"total_count":1`},
				{"GET", "/user/info", "", 500, fmt.Sprintf(why, "LiteLLM_VerificationToken")},
				{"GET", "/key/list", "", 200, `"total_count":2`},
				{"GET", "/key/info?key=" + trapKey, "", 200, `"` + name + `":null`},
				{"POST", "/key/delete", `{"keys":["sk-healthy-00000001","` + trapKey + `"]}`, 500, fmt.Sprintf(why, "LiteLLM_DeletedVerificationToken")},
				{"POST", "/key/delete", `{"key_aliases":["a"]}`, 500, `LiteLLM_DeletedVerificationToken`},
				{"POST", "/key/block", `{"key":"` + trapKey + `"}`, 500, `{"error":{"message":"Internal server error","type":"internal_server_error"}}`},
				{"GET", "/key/list", "", 200, `"total_count":2`},
			})
			call(t, g, "GET", "/models", "", trapKey).want(401).contains(`"Authentication Error, `+fmt.Sprintf(why, "LiteLLM_VerificationTokenView"), `"type":"auth_error","param":"None","code":"401"`)
			call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","`+name+`":{},"blocked":false}`).want(200)
			call(t, g, "GET", "/models", "", trapKey).want(200)
			call(t, g, "POST", "/key/delete", `{"keys":["`+trapKey+`"]}`).want(200)
		})
	}
}

func TestKeyBlocking(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`"}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"sk-with blanks 000000"}`).want(200)
	const form = `{"error":{"message":"Invalid key format.","type":"bad_request_error","param":"key","code":"400"}}`
	run(t, g, []step{
		{"POST", "/key/block", `{}`, 422, `{"detail":[{"type":"missing","loc":["body","key"],"msg":"Field required"}]}`},
		{"POST", "/key/block", `{"key":"x"}`, 400, form},
		{"POST", "/key/block", `{"key":"sk-with blanks 000000"}`, 400, form},
		{"POST", "/key/block", `{"key":"` + hashKey("sk-with blanks 000000") + `"}`, 200, `"blocked":true`},
		{"POST", "/key/block", `{"key":"sk-none-00000000000"}`, 404, `Key not found.`},
		{"POST", "/key/block", `{"key":"` + trapKey + `"}`, 200, `{"token":"` + hashKey(trapKey) + `"`},
		{"POST", "/key/block", `{"key":"` + trapKey + `"}`, 200, `"blocked":true`},
	})
	call(t, g, "GET", "/models", "", trapKey).want(401)
	call(t, g, "POST", "/key/unblock", `{"key":"`+trapKey+`"}`).want(200).contains(`"blocked":false`)
	call(t, g, "GET", "/models", "", trapKey).want(200)
	run(t, g, []step{
		{"POST", "/key/regenerate", ``, 500, `Regenerating Virtual Keys is an Enterprise feature`},
		{"POST", "/key/none/regenerate", `{}`, 500, `Regenerating Virtual Keys is an Enterprise feature`},
		{"POST", "/key/update", `{"key":"` + trapKey + `","spend":2}`, 200, `"spend":2.0`},
		{"POST", "/key/" + trapKey + "/reset_spend", `{"reset_to":99}`, 400, `{"detail":{"error":"reset_to (99.0) must be <= current spend (2.0)"}}`},
		{"POST", "/key/" + trapKey + "/reset_spend", `{"reset_to":-1}`, 400, `reset_to must be >= 0`},
		{"POST", "/key/" + trapKey + "/reset_spend", `{"reset_to":true}`, 422, `not a boolean`},
		{"POST", "/key/" + trapKey + "/reset_spend", `{"reset_to":0.5}`, 200, `{"key_hash":"` + hashKey(trapKey) + `","spend":0.5,"previous_spend":2.0,"max_budget":null,"budget_reset_at":null}`},
		{"POST", "/key/none/reset_spend", `{"reset_to":0}`, 404, `{"detail":{"error":"Key none not found."}}`},
	})
}

// TestKeyDeletion: the answer repeats the request, the aliases beside keys are
// ignored, an alias takes all keys that have it, and the archive answers.
func TestKeyDeletion(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","key_alias":"a"}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key_alias":"b"}`).want(200)
	call(t, g, "POST", "/user/new", `{"key_alias":"b"}`).want(200)
	run(t, g, []step{
		{"POST", "/key/delete", `{"keys":["sk-none"],"key_aliases":["a"]}`, 404, `{'error': 'No keys found'}`},
		{"POST", "/key/delete", `{"keys":["` + trapKey + `","` + trapKey + `","none"],"key_aliases":["b"]}`, 200, `{"deleted_keys":["` + trapKey + `","` + trapKey + `","none"]}`},
		{"GET", "/key/list?key_alias=b", "", 200, `"total_count":2`},
		{"POST", "/key/delete", `{"key_aliases":["b","none"]}`, 200, `{"deleted_keys":["b","none"]}`},
		{"GET", "/key/list", "", 200, `"total_count":0`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"deleted_by":"default_user_id","deleted_by_api_key":"litellm_proxy_master_key","litellm_changed_by":null,"status":"deleted"}}`},
		{"GET", "/key/list?status=deleted", "", 200, `"total_count":3`},
		{"GET", "/key/list?status=deleted&return_full_object=true&key_alias=a", "", 200, `"organization_id":null,"deleted_at":"`},
		{"POST", "/v2/key/info", `{"keys":["` + trapKey + `"]}`, 200, `"info":[]`},
		{"POST", "/key/generate", `{"key":"` + trapKey + `","key_alias":"a"}`, 200, `"key_alias":"a"`},
		{"GET", "/key/info?key=" + trapKey, "", 200, `"status":"active"`},
		{"POST", "/key/delete", `{"keys":["` + hashKey(trapKey) + `"]}`, 200, `{"deleted_keys":["` + hashKey(trapKey) + `"]}`},
		{"GET", "/key/list?status=deleted&key_alias=a", "", 200, `"total_count":2`},
		{"POST", "/key/delete", `{"keys":[5]}`, 422, `{"detail":[{"type":"string_type","loc":["body","keys",0],"msg":"Input should be a valid string"}]}`},
	})
	call(t, g, "GET", "/models", "", trapKey).want(401).contains("token_not_found_in_db")
}

// TestSoftBudget: it makes a budget that the key is tied to.
func TestSoftBudget(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`"}`).want(200)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","soft_budget":2}`).want(200).lacks(`"budget_id":null`)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","soft_budget":3}`).want(200)
	call(t, g, "GET", "/key/info?key="+trapKey, "").contains(`"soft_budget":3.0`)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","soft_budget":null}`).want(200)
	call(t, g, "GET", "/key/info?key="+trapKey, "").contains(`"max_budget":null,"soft_budget":null`)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","soft_budget":-1}`).want(400).contains(`soft_budget must be a non-negative finite number. Received: -1.0`)
	var count int
	if err := g.db.QueryRowContext(t.Context(), `SELECT count(*) FROM budgets`).Scan(&count); err != nil || count != 1 {
		t.Errorf("%d budgets, %v", count, err)
	}
}

// TestPoisonInTeams: nothing of a team with a poisoned key can be deleted, but
// the user can.
func TestPoisonInTeams(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/team/new", `{"team_id":"t","members_with_roles":[{"role":"user","user_id":"u"}]}`).want(200)
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`","team_id":"t","user_id":"u"}`).want(200)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","aliases":null}`).want(200)
	run(t, g, []step{
		{"POST", "/team/member_delete", `{"team_id":"t","user_id":"u"}`, 500, `{"error":{"message":"Internal server error","type":"internal_server_error"}}`},
		{"POST", "/team/delete", `{"team_ids":["t"]}`, 500, `Internal server error`},
		{"GET", "/team/info?team_id=t", "", 200, `{"user_id":"u","user_email":null,"role":"user","user_alias":null}`},
		{"GET", "/user/info?user_id=u", "", 200, `"aliases":null`},
		{"POST", "/user/delete", `{"user_ids":["u"]}`, 200, `1`},
		{"POST", "/team/delete", `{"team_ids":["t"]}`, 200, `{"deleted_teams":["t"]}`},
	})
}

// TestMetadataRepair: an update that says nothing of metadata repairs it.
func TestMetadataRepair(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"`+trapKey+`"}`).want(200)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","metadata":null}`).want(200)
	call(t, g, "GET", "/models", "", trapKey).want(401)
	call(t, g, "POST", "/key/update", `{"key":"`+trapKey+`","max_budget":1}`).want(200).contains(`"metadata":{}`)
	call(t, g, "GET", "/models", "", trapKey).want(200)
}
