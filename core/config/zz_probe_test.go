package config
import ("testing";"fmt")
func TestProbe(t *testing.T) {
	for _, d := range []string{
		"\n\nconcurrency = 99999999999999999999", "\n\nx = 1979-13-45", "\nconcurrency = 0x_1", "\n\nconcurrency = 1e999999",
		"\"pro\\u0066ile\" = 'sandbox'\n", "\"a=b\" = 3", "profiles = {}\n", "profiles = {}\n[profiles.a]\nurl='http://a'", "profiles = {a={url='http://a'}}\n[profiles.b]\nurl='http://a'",
		"[profiles.a.b]\nurl='http://a'\n[profiles.a]\nurl='http://a'", "[profiles.a]\nurl='http://a'\n[profiles]\nb.url='http://b'", "[profiles]\nb.url='http://b'\n[profiles.b]\ntimeout='3s'",
		"profiles.a.url='http://a'\n[profiles.b]\nurl='http://b'", "profiles.a = {url='http://a'}\nprofiles.a.timeout='3s'", "profiles.a = {url='http://a'}\n[profiles.a]\ntimeout='3s'",
		"[[profiles]]\n[[profiles]]\nurl='x'", "[profiles.a]\nurl='''\nhttp://a'''", "timeout = \"\"\"\n3s\"\"\"", "timeout = \"3s\" 'x'",
		"sk-secret-9911 = 1", "\"sk-secret-9911\" = 1", "[sk-secret-9911]", "[profiles.\"sk secret-9911\"]\nurl='http://a'", "base_url = 'sk-secret-9911'", "timeout='sk-secret-9911'", "profile='sk-secret-9911'",
		bom+"\r\nfoo = 1\r\nbar= 2\r\n", bom+"foo = ", "\r\n\r\nfoo =\r\n", "a\rb", "# \x00", "timeout = '3s", "timeout = [", "x = [1,\n2,\n{a=1}]\n", "x = 12:30:00", "concurrency = +5", "concurrency = -0", "concurrency = 1_0", "audit = TRUE",
		"profiles.a.url.x = 1", "[profiles.a]\nurl.x='y'", "[profiles.a]\nurl={x='y'}", "profiles.a=3", "[profiles]\na=3", "[profiles]\na=[{url='x'}]", "[profiles]", "[profiles.a]", "profiles.a={}", "[profiles.sandbox]", "[profiles.\"\"]\nurl='http://a'", "\"\"=1", "profile=''", "output=''",
		"[profiles.a]\nurl='http://a'\n[profiles.A]\nurl='http://b'", "url", "= 3", "[", "[]", "[profiles.a] x=1", "\ufeff\ufeffx=1", "a.b.c.d=1", "output.x=1\noutput.y=2","base_url='http://a'\nbase_url.x=1","api_key.x=1","[api_key]\nx=1", "profiles.a.api_key={x='sk'}", "client_cert='a'", "client_key='a'",
		"audit = true # \xc3\x28", "inf = inf", "profile = 'a\\u0000b'", "profile = \"a\\u001bb\"",
	} {
		f, err := load(d)
		if err != nil { fmt.Printf("%-55q %v\n", d, err); continue }
		fmt.Printf("%-55q OK %+v %+v\n", d, f.Settings, f.Profiles)
	}
}
