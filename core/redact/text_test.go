package redact

import "testing"

// learned wants each secret to be known and each plain text not to be.
func learned(t *testing.T, what string, add func(*Redactor), secrets, plain []string) {
	t.Helper()
	var r Redactor
	add(&r)
	for _, s := range secrets {
		if !r.knows(s) {
			t.Errorf("%s: %q is not known", what, s)
		}
	}
	for _, s := range plain {
		if got := string(r.Values([]byte(s))); got != s {
			t.Errorf("%s: %q became %q", what, s, got)
		}
	}
}

func TestAddHeader(t *testing.T) {
	for _, c := range []struct{ name, value, secret string }{
		{"X-Whatever", "opaque-0001", "opaque-0001"},
		{"authorization", "Bearer opaque-0002", "opaque-0002"},
		{"Authorization", "Basic dXNlcjpodW50ZXIyMg==", "hunter22"},
		{"Cookie", "a=1; session=opaque-0003", "opaque-0003"},
		{"x-custom", " short ", "short"},
	} {
		learned(t, c.name, func(r *Redactor) { r.AddHeader(c.name, c.value) }, []string{c.secret}, nil)
	}
	for _, name := range []string{"Accept", "accept-language", "Content-Type", "User-Agent", "If-None-Match", "x-request-id", "LiteLLM-Changed-By", "anthropic-version", "OpenAI-Beta"} {
		learned(t, name, func(r *Redactor) { r.AddHeader(name, "application/json") }, nil, []string{"application/json"})
	}
}

func TestAddText(t *testing.T) {
	for _, c := range []struct {
		text    string
		secrets []string
		plain   []string
	}{
		{`{"api_key":"opaque-0001","model":"gpt-4o-mini"}`, []string{"opaque-0001"}, []string{"gpt-4o-mini"}},
		{`a=1&password=opaque%2F0002&model=gpt-4o-mini`, []string{"opaque/0002"}, []string{"gpt-4o-mini"}},
		{`{'api_key': 'opaque-0003', "client_secret": "opa\"que-4", 'model': 'gpt-4o-mini'}`, []string{"opaque-0003", `opa"que-4`}, []string{"gpt-4o-mini"}},
		{"model: gpt-4o-mini\napi_key: opaque-0005\npassword: correct horse battery\n", []string{"opaque-0005", "correct horse battery"}, []string{"gpt-4o-mini"}},
		{"private_key: |\n  MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n  second-line\nmodel: gpt-4o-mini", []string{"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"}, []string{"gpt-4o-mini"}},
		{"OPENAI_API_KEY=opaque-0006\nexport AWS_SECRET_ACCESS_KEY=\"opaque-0007\"", []string{"opaque-0006", "opaque-0007"}, nil},
		{`dict(api_key='opaque-0008', max_tokens=12345678)`, []string{"opaque-0008"}, []string{"12345678"}},
		{`{"api_key":"opaque-0009",}`, []string{"opaque-0009"}, nil},
		{`{"api_key": opaque-0010}`, []string{"opaque-0010"}, nil},
		{"Authorization: Bearer opaque-0011", []string{"opaque-0011"}, nil},
		{`"{\"api_key\":\"opaque-0012\"}`, []string{"opaque-0012"}, nil},
		{`{"extra_headers":{"X-Any":"opaque-0013","Accept":"text/event-stream"}}`, []string{"opaque-0013"}, []string{"text/event-stream"}},
		{"password", nil, []string{"password"}}, {"password:", nil, []string{"password"}}, {"=", nil, nil}, {"", nil, nil},
	} {
		learned(t, c.text, func(r *Redactor) { r.AddText(c.text) }, c.secrets, c.plain)
	}
}

func TestAddAssignment(t *testing.T) {
	for assignment, secret := range map[string]string{
		"api_key=opaque-0001":                                 "opaque-0001",
		"litellm_params.api_key=pw":                           "pw",
		"vertex_credentials.any=opaque-0002":                  "opaque-0002",
		"extra_headers.X-Any=opaque-0003":                     "opaque-0003",
		"litellm_params.default_headers.X=Bearer opaque-0004": "opaque-0004",
		`headers:={"X-Any":"opaque-0005"}`:                    "opaque-0005",
		`api_key:="opaque-0006"`:                              "opaque-0006",
		`litellm_params={"api_key":"opaque-0007"}`:            "opaque-0007",
		"credential_values.any=opaque-0008":                   "opaque-0008",
	} {
		learned(t, assignment, func(r *Redactor) { r.AddAssignment(assignment) }, []string{secret}, nil)
	}
	for _, assignment := range []string{"model=plain-text-1", "api_key=@plain-text-1", "headers.Accept=plain-text-1", "plain-text-1", "max_tokens=plain-text-1"} {
		learned(t, assignment, func(r *Redactor) { r.AddAssignment(assignment) }, nil, []string{"plain-text-1"})
	}
}

func TestAddArgsForms(t *testing.T) {
	for _, args := range [][]string{
		{"-H", "X-Any: opaque-0001"}, {"-H", "X-Any:opaque-0001"}, {"-HX-Any: opaque-0001"}, {"-HX-Any:opaque-0001"}, {"-yHX-Any:opaque-0001"}, {"-yH", "X-Any:opaque-0001"},
		{"--header", "X-Any:opaque-0001"}, {"--header=X-Any: opaque-0001"}, {"--header=X-Any:opaque-0001"},
		{"-d", "a=1&password=opaque-0001"}, {"-dpassword=opaque-0001"}, {"--data", "password: opaque-0001"}, {"--data={'password': 'opaque-0001'}"},
		{"-j", `{"password":"opaque-0001"}`}, {`-j{"password":"opaque-0001"}`}, {"--json={'password': 'opaque-0001'}"},
		{"-p", "api_key=opaque-0001"}, {"-papi_key=opaque-0001"}, {"--param=extra_headers.X=opaque-0001"}, {"-i", `headers:={"X":"opaque-0001"}`},
		{"--info", "api_key=opaque-0001"}, {"-f", "password=opaque-0001"}, {"--field", "vertex_credentials.x=opaque-0001"},
		{"--api-key", "-opaque-0001"}, {"--api-key", "opaque-0001"}, {"--api-key=opaque-0001"}, {"x", "default_headers.X=opaque-0001"},
	} {
		var r Redactor
		r.AddArgs(args)
		if got := r.String(args[len(args)-1]); len(got) == len(args[len(args)-1]) || r.Contains([]byte(got)) {
			t.Errorf("%q: %q", args, got)
		}
		if got := r.String("= opaque-0001"); args[len(args)-1] != "-opaque-0001" && got != "= [hidden]" {
			t.Errorf("%q: %q", args, got)
		}
	}
	learned(t, "args", func(r *Redactor) {
		r.AddArgs([]string{"-H", "Accept: text/event-stream", "-ojson", "--output=json-lines", "--api-key", "--profile", "-q", ".plain-text", "-m", "user:plain-text"})
	}, nil, []string{"text/event-stream", "json-lines", "--profile", ".plain-text", "user:plain-text"})
}
