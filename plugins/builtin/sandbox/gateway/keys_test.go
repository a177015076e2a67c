package gateway

import (
	"strings"
	"testing"
)

func TestUsersAndKeys(t *testing.T) {
	g := openTest(t, Options{})
	run(t, g, []step{
		{"POST", "/user/new", `{"user_id":"a","user_email":"A@example.org","user_role":"internal_user"}`, 200, `"key":"sk-`},
		{"POST", "/user/new", `{"user_id":"a"}`, 409, `{"error":{"message":"{'error': 'User with id a already exists'}","type":"internal_server_error","param":null,"code":"409"}}`},
		{"POST", "/user/new", `{"user_id":"b","user_email":"a@EXAMPLE.org"}`, 409, `User with email A@example.org already exists`},
		{"POST", "/user/new", `{"user_role":"king"}`, 422, `"type":"literal_error"`},
		{"POST", "/user/new", `{"user_id":"b","auto_create_key":false}`, 200, `"key":"",`},
		{"GET", "/user/info?user_id=a", "", 200, `"team_alias":"None"}],"teams":[]}`},
		{"GET", "/user/info?user_id=none", "", 404, `User none not found`},
		{"GET", "/user/info", "", 200, `{"user_id":"default_user_id","user_info":null,"keys":[{`},
		{"POST", "/key/generate", `{"key_alias":"k1","user_id":"b","key":"sk-own-key-0000001","max_budget":5,"metadata":{"a":1}}`, 200, `"key":"sk-own-key-0000001"`},
		{"POST", "/key/generate", `{"key":"sk-own-key-0000001","key_alias":"fiction"}`, 200, `"key_alias":"fiction"`},
		{"GET", "/key/list?key_alias=fiction", "", 200, `"total_count":0`},
		{"POST", "/key/generate", `{"key_alias":"k1"}`, 400, `{"error":{"message":"Key with alias 'k1' already exists. Unique key aliases across all keys are required.","type":"bad_request_error","param":"key_alias","code":"400"}}`},
		{"POST", "/key/generate", `{"key":"nope12345678901234aaaa"}`, 400, `{"error":{"message":"{'error': \"Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: nope****aaaa\"}","type":"internal_server_error","param":null,"code":"400"}}`},
		{"POST", "/key/generate", `{"key":"sk-short"}`, 400, `must be at least 16 characters long.`},
		{"POST", "/key/generate", `{"duration":"abc"}`, 500, `Invalid duration format`},
		{"GET", "/key/list?key_alias=k1", "", 200, `{"keys":["` + hashKey("sk-own-key-0000001") + `"],"total_count":1,"current_page":1,"total_pages":1}`},
		{"GET", "/key/list?key_hash=" + hashKey("sk-own-key-0000001") + "&return_full_object=true", "", 200, `"metadata":{"a":1}`},
		{"GET", "/key/list?size=1&page=2", "", 200, `"total_count":2,"current_page":2,"total_pages":2}`},
		{"GET", "/key/list?page=9", "", 200, `{"keys":[],"total_count":2,"current_page":9,"total_pages":1}`},
		{"GET", "/key/list?size=101", "", 422, `Input should be less than or equal to 100`},
		{"POST", "/key/delete", `{"keys":["sk-own-key-0000001","never"]}`, 200, `{"deleted_keys":["sk-own-key-0000001","never"]}`},
		{"POST", "/key/delete", `{"keys":["never"]}`, 404, `{"error":{"message":"{'error': 'No keys found'}","type":"internal_server_error","param":null,"code":"404"}}`},
		{"POST", "/key/delete", `{}`, 422, `At least one of 'keys' or 'key_aliases' must be provided.`},
		{"POST", "/user/delete", `{"user_ids":["a","none"]}`, 404, `{"detail":{"error":"User not found, passed user_id=none"}}`},
		{"POST", "/user/delete", `{"user_ids":["a","b","a"]}`, 200, `2`},
		{"POST", "/user/delete", `{"user_ids":[]}`, 200, `0`},
		{"GET", "/key/list", "", 200, `{"keys":[],"total_count":0,"current_page":1,"total_pages":0}`},
	})
}

// Keys are kept as hashes only.
func TestKeysAreNotStored(t *testing.T) {
	g := openTest(t, Options{})
	call(t, g, "POST", "/key/generate", `{"key":"sk-canary-000000001","key_alias":"k"}`).want(200)
	call(t, g, "POST", "/user/new", `{"user_id":"u","key":"sk-canary-000000002"}`).want(200)
	var all string
	if err := g.db.QueryRowContext(t.Context(), `SELECT group_concat(token || data) FROM keys`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(all, "canary") || !strings.Contains(all, hashKey("sk-canary-000000001")) {
		t.Errorf("stored: %s", all)
	}
}

func TestCredentials(t *testing.T) {
	g := openTest(t, Options{})
	run(t, g, []step{
		{"POST", "/credentials", `{"credential_name":"a/b c","credential_values":{"api_key":"sk-abcdefghijkl","api_base":"http://x","short_key":"ab"},"credential_info":{"p":"openai"}}`, 200, `{"success":true,"message":"Credential created successfully"}`},
		{"POST", "/credentials", `{"credential_name":"a/b c","credential_values":{"a":"b"},"credential_info":{}}`, 409, `Credential 'a/b c' already exists.`},
		{"POST", "/credentials", `{"credential_name":"d","credential_values":{"api_key":"b"}}`, 422, `"loc":["body","credential_info"]`},
		{"POST", "/credentials", `{}`, 422, `Either credential_values or model_id must be set`},
		{"GET", "/credentials", "", 200, `{"success":true,"credentials":[{"credential_name":"a/b c","display_name":null,"credential_info":{"p":"openai"},"credential_values":{"api_key":"sk****kl","api_base":"http://x","short_key":"*****"},"source":"db"}]}`},
		{"GET", "/credentials/by_name/a/b%20c", "", 200, `"credential_name":"a/b c"`},
		{"GET", "/credentials/by_name/none", "", 404, `Credential not found. Got credential name: none`},
		{"GET", "/credentials/none", "", 405, `Method Not Allowed`},
		{"PATCH", "/credentials/a/b%20c", `{"credential_values":{"api_base":"y","password":"abcdefgh"},"credential_info":{}}`, 200, `{"success":true,"message":"Credential updated successfully"}`},
		{"GET", "/credentials/by_name/a/b%20c", "", 200, `"credential_info":{"p":"openai"},"credential_values":{"api_key":"sk****kl","api_base":"y","short_key":"*****","password":"ab****gh"}`},
		{"PATCH", "/credentials/a/b%20c", `{"credential_info":{"q":1},"display_name":"Nice"}`, 200, `updated`},
		{"GET", "/credentials", "", 200, `"display_name":"Nice","credential_info":{"p":"openai","q":1}`},
		{"PATCH", "/credentials/a/b%20c", `{"credential_name":"other","credential_info":{}}`, 400, `{"error":{"message":"credential_name is immutable. Set display_name to change how the credential is labeled.","type":"validation_error","param":"credential_name","code":"400"}}`},
		{"PATCH", "/credentials/a/b%20c", `{"credential_values":{"a":"b"}}`, 422, `"loc":["body","credential_info"]`},
		{"PATCH", "/credentials/none", `{"credential_info":{}}`, 404, `Credential not found in DB.`},
		{"POST", "/credentials", `{"credential_name":"d","credential_values":{},"credential_info":{}}`, 422, `Either credential_values or model_id must be set`},
		{"DELETE", "/credentials/a/b%20c", "", 200, `{"success":true,"message":"Credential deleted successfully"}`},
		{"DELETE", "/credentials/a/b%20c", "", 404, `Credential not found.`},
	})
}
