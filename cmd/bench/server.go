package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
)

// key is what both programs send; the servers do not look at it.
const key = "sk-bench-0123456789abcdef"

// servers answer one list, small and large, over http and https, on loopback.
type servers struct {
	plain, secure   *httptest.Server
	http, https, ca string
}

func startServers(dir string) (*servers, error) {
	mux := http.NewServeMux()
	for name, size := range map[string]int{"small": 5 << 10, "large": 5 << 20} {
		body := list(size)
		mux.HandleFunc("/"+name+"/v1/models", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = w.Write(body)
		})
	}
	s := &servers{plain: httptest.NewServer(mux), secure: httptest.NewTLSServer(mux), ca: filepath.Join(dir, "ca.pem")}
	s.http, s.https = s.plain.URL, s.secure.URL
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.secure.Certificate().Raw})
	return s, os.WriteFile(s.ca, certificate, 0o600)
}

func (s *servers) close() {
	s.plain.Close()
	s.secure.Close()
}

// list is a model list of about size bytes.
func list(size int) []byte {
	type model struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int    `json:"created"`
		OwnedBy string `json:"owned_by"`
	}
	var models []model
	for n := 0; n < size; n += 95 {
		models = append(models, model{fmt.Sprintf("openai/gpt-4o-mini-%07d", len(models)), "model", 1677610602, "openai"})
	}
	body, err := json.Marshal(map[string]any{"data": models, "object": "list"})
	if err != nil {
		panic(err)
	}
	return body
}
