package chat

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// FuzzStream reads any event stream: without a panic, the same in one piece and byte by byte, into a record that is JSON and
// text that is UTF-8, or into an error with a meaning.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		word("Hello") + stop + tokens + done, word("\x1b[31m 世界") + done, "data: {\"error\":{\"message\":\"m\",\"code\":\"429\"}}\n\n", "data: [DONE]",
		`data: {"choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}},{"delta":{"content":[1]}}]}` + "\n\n" + done,
		"event: x\r\nid: 1\r\ndata: {\"choices\":\r\ndata: [{}]}\r\n\r\ndata: [DONE]\r\n\r\n", "\xef\xbb\xbfdata: {\"a\":1}\n\n" + done, ": comment\n\nretry: 1\n\n",
		`data: {"choices":[7,{"index":"x","delta":7}],"usage":[]}` + "\n\n" + `data: {"choices":{"index":1}}` + "\n\n" + done, "data: {\"a\":\"\\ud83d\"}\n\n" + done,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, events string) {
		var shown strings.Builder
		r := &reply{attempt: "ask m", show: func(text string) error { shown.WriteString(text); return nil }}
		err := r.read(strings.NewReader(events))
		slow := &reply{attempt: "ask m"}
		slowErr := slow.read(iotest.OneByteReader(strings.NewReader(events)))
		if (err == nil) != (slowErr == nil) || err != nil && err.Error() != slowErr.Error() {
			t.Fatalf("in one piece %v, in bytes %v", err, slowErr)
		}
		var known *problem.Error
		if errors.As(err, &known) && (known.Code == problem.OK || known.Message == "") {
			t.Fatalf("%+v", known)
		}
		record, recordErr := r.record()
		slowRecord, _ := slow.record()
		if recordErr != nil || string(record) != string(slowRecord) || !json.Valid(record) {
			t.Fatalf("%v\n%s\n%s", recordErr, record, slowRecord)
		}
		if !utf8.ValidString(shown.String()) || !utf8.ValidString(r.text()) {
			t.Fatalf("%q", shown.String())
		}
		_ = r.usage()
	})
}
