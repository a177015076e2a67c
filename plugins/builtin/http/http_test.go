package http_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	plugin "github.com/litellm-proxy/litellm-proxy/plugins/builtin/http"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
	"github.com/litellm-proxy/litellm-proxy/sdk/sdktest"
)

// run runs `http request` with the words of line; "·" is a space within a word.
func run(t *testing.T, h sdktest.Host, line string) *sdktest.Result {
	t.Helper()
	args := append([]string{"request"}, strings.Fields(line)...)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "·", " ")
	}
	return sdktest.Run(t, plugin.Plugin(), h, args...)
}

// echo answers with what it was asked, its content type and body.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s [%s] %s", r.Method, r.URL, r.Header.Get("Content-Type"), body)
})

func TestRequest(t *testing.T) {
	inputs := map[string][]byte{"json": []byte(`{"from":"file"}`), "data": []byte("text"), "input": []byte(`{"from":"input"}`), "field": []byte("sk-1\n")}
	for _, c := range []struct{ name, line, want string }{
		{"a path", "GET /v1/models", "GET /v1/models [] "},
		{"without its slash", "get v1/models", "GET /v1/models [] "},
		{"with a query", "GET /x?a=1&b=%20", "GET /x?a=1&b=%20 [] "},
		{"a JSON body", `POST /x -j {"a":1.10}`, `POST /x [application/json] {"a":1.10}`},
		{"a JSON body of a file", "POST /x -j @f", `POST /x [application/json] {"from":"file"}`},
		{"data that is JSON", `POST /x -d [1]`, "POST /x [application/json] [1]"},
		{"data that is text", "POST /x -d hello,·you", "POST /x [] hello, you"},
		{"data of a file", "POST /x -d @-", "POST /x [] text"},
		{"no data", "POST /x --data=", "POST /x [] "},
		{"a file as it is", "PUT /x --input f", `PUT /x [application/json] {"from":"input"}`},
		{"its type by hand", `POST /x -j {} -H content-type:text/plain`, "POST /x [text/plain] {}"},

		{"fields as the schema has them", "POST /model/new -f model_name=7 -f litellm_params.model=x -f litellm_params.rpm=7 -f litellm_params.api_key=7",
			`POST /model/new [application/json] {"litellm_params":{"api_key":"7","model":"x","rpm":7},"model_name":"7"}`},
		{"fields it does not know", `DELETE /x -f a=1 -f b=one -f c:="2"`, `DELETE /x [application/json] {"a":1,"b":"one","c":"2"}`},
		{"a field of a file", "POST /x -f key=@f", `POST /x [application/json] {"key":"sk-1"}`},
		{"fields as a query", "GET /x?z=0 -f b=2 -f a=é", "GET /x?a=%C3%A9&b=2&z=0 [] "},
		{"a list of fields as repeated parameters", "GET /x?ids=old -f ids:=[\"x\",2,null] -f b=true", "GET /x?b=true&ids=x&ids=2 [] "},
		{"a null field as none", "HEAD /x -f a=null -f b=1", "HEAD /x?b=1 [] "},
		{"an address as a parameter", "GET /x?url=http://y/z", "GET /x?url=http://y/z [] "},
		{"numbers keep their digits there", "GET /x -f n=12345678901234567890", "GET /x?n=12345678901234567890 [] "},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, sdktest.Host{Gateway: echo, Inputs: inputs}, c.line)
			if r.Err != nil || len(r.Records) != 1 || string(r.Records[0]) != c.want {
				t.Errorf("%s, %v\nwant %s", r.Records, r.Err, c.want)
			}
		})
	}
}

func TestRequestRefuses(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"an unknown method", "FETCH /x", `the method "FETCH" is none of GET`},
		{"an address", "GET https://other.example/x", "give the path alone"},
		{"another host", "GET //other.example/x", "give the path alone"},
		{"a fragment", "GET /x#y", "must be written %23"},
		{"a broken query", "GET /x?a=%zz -f b=1", "the query of the path"},
		{"a header without a colon", "GET /x -H Accept", "--header: it must be NAME:VALUE"},
		{"a header without a name", "GET /x -H :x", "it must be NAME:VALUE"},
		{"a header with credentials", "GET /x -H Authorization:Bearer·hunter22", "the header Authorization is not the caller's to set"},
		{"in other letters", "GET /x -H X-API-KEY:hunter22", "X-API-KEY is not the caller's to set"},
		{"a header of a proxy", "GET /x -H Proxy-Foo:hunter22", "Proxy-Foo is not the caller's to set"},
		{"a header whose name is its value", "GET /x -H Bearer·hunter22:x", "a header's name is not valid"},
		{"a header of two lines", "GET /x -H A:hunter22\x01", "the header A holds a control character"},
		{"an address with a query", "GET http://h/x?token=hunter22", "give the path alone"},
		{"an address for a method", "http://h/x?token=hunter22 /x", "the method is none of GET"},
		{"a fragment in the query", "GET /x?token=hunter22#y", "must be written %23"},
		{"a space in the path", "GET /a·b", "a space or control character stands in the path"},
		{"a percent sign in the path", "GET /100%", "a percent sign in the path begins no escape"},
		{"a path that climbs", "GET /a/../b", "a dot segment"},
		{"a space in the query", "GET /x?token=hunter22·y", "the query is not encoded"},
		{"an object in a query", `GET /x -f a:={"b":"hunter22"}`, "--field a: an object"},
		{"a nested field in a query", "HEAD /x -f a.b=hunter22", "--field a: an object"},
		{"a list of lists in a query", "GET /x -f a:=[[1]]", "--field a: an object or a list of lists"},
		{"pages of a broken query", "GET /x?a=%hunter22 --paginate", "the query of the path"},
		{"two bodies", "POST /x -j {} -d {}", "can't be used together"},
		{"a file that is no JSON", "POST /x -j @f", "--json: the file is not valid JSON"},
		{"a field of the wrong type", "POST /model/new -f litellm_params.rpm=hunter22", "--field litellm_params.rpm: it must be a whole number"},
		{"pages of a write", "POST /x --paginate", "only GET reads a list"},
		{"the head of pages", "GET /x --paginate --include", "there are several answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, sdktest.Host{Gateway: echo, Inputs: map[string][]byte{"json": []byte("{")}}, c.line)
			if r.Code() != problem.Usage || !strings.Contains(r.Err.Error(), c.want) || len(r.Requests) > 0 {
				t.Fatalf("%d %v, %d requests", r.Code(), r.Err, len(r.Requests))
			}
			if strings.Contains(r.Err.Error()+problem.As(r.Err).Hint, "hunter22") {
				t.Errorf("the value is in %v", r.Err)
			}
		})
	}
}

// What is wrong comes with how to write it.
func TestRequestHints(t *testing.T) {
	for line, want := range map[string]string{
		"GET /a·b": "a space is %20", "GET /x?a=b·c": "a space is %20", "GET /x?a=%zz -f b=1": "a percent sign %25",
		"GET /x -H Cookie:a": "credentials are sent by the program itself", "GET /x -H a·b:c": "a name has letters", "GET http://h/": "--base-url",
	} {
		if r := run(t, sdktest.Host{Gateway: echo}, line); r.Err == nil || !strings.Contains(problem.As(r.Err).Hint, want) {
			t.Errorf("%s: %+v", line, problem.As(r.Err))
		}
	}
}
