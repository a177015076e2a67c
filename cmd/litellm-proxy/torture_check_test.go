//go:build linux

package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// row is a line of results.csv.
type row map[string]string

// results reads results.csv of the job.
func (r *torture) results() []row {
	r.t.Helper()
	paths, _ := filepath.Glob(filepath.Join(r.jobsDir(), "*", "results.csv"))
	if len(paths) != 1 {
		r.t.Fatalf("the files of results are %q", paths)
	}
	if info, err := os.Stat(paths[0]); err != nil || info.Mode() != 0o600 {
		r.t.Errorf("results.csv has the mode %v: %v", info.Mode(), err)
	}
	lines, err := csv.NewReader(strings.NewReader(r.read(paths[0]))).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	var out []row
	for _, line := range lines[1:] {
		one := row{}
		for i, name := range lines[0] {
			one[name] = line[i]
		}
		out = append(out, one)
	}
	return out
}

// check compares results.csv with what is asked for and with the gateway, uses the keys, and looks for secrets where none may be.
func (r *torture) check() {
	r.t.Helper()
	rows := r.results()
	if len(rows) != r.size.keys {
		r.t.Errorf("results.csv has %d rows, want %d", len(rows), r.size.keys)
	}
	items, secrets := map[string]bool{}, map[string]string{} // by hash
	for _, one := range rows {
		if one["result"] != "created" || one["key"] == "" {
			r.t.Errorf("%s has the result %q, and a secret of %d characters", one["n"], one["result"], len(one["key"]))
		}
		items[one["n"]] = true
		sum := sha256.Sum256([]byte(one["key"]))
		secrets[hex.EncodeToString(sum[:])] = one["key"]
	}
	if len(items) != len(rows) || len(secrets) != len(rows) {
		r.t.Errorf("%d rows are of %d items, with %d secrets", len(rows), len(items), len(secrets))
	}
	there := r.hashes()
	for hash := range secrets {
		if !there[hash] {
			r.t.Errorf("key %s of results.csv is not on the gateway", hash)
		}
	}
	for hash := range there {
		if secrets[hash] == "" && !r.before[hash] {
			r.t.Errorf("key %s of the gateway is not in results.csv", hash)
		}
	}
	r.use(slices.Collect(maps.Values(secrets)))
	r.search(slices.Collect(maps.Values(secrets)))
	for _, name := range []string{"seed", ".tmp-*"} {
		if there, _ := filepath.Glob(filepath.Join(r.jobsDir(), "*", name)); len(there) > 0 {
			r.t.Errorf("%q are left", there)
		}
	}
	r.quiet()
}

// onServer is a key as keys list prints it.
type onServer struct {
	Token string  `json:"token"`
	Alias *string `json:"key_alias"`
	User  *string `json:"user_id"`
	Team  *string `json:"team_id"`
}

// keys are those of the gateway: of a live one, those that the run has made, as far as their aliases tell.
func (r *torture) keys() (out []onServer) {
	r.t.Helper()
	if err := json.Unmarshal(r.printed("keys", "list", "-o", "json"), &out); err != nil {
		r.t.Fatal(err)
	}
	if r.box != nil {
		return out
	}
	return slices.DeleteFunc(out, func(k onServer) bool { return k.Alias == nil || !strings.HasPrefix(*k.Alias, r.prefix) })
}

func (r *torture) hashes() map[string]bool {
	out := map[string]bool{}
	for _, k := range r.keys() {
		out[k.Token] = true
	}
	return out
}

// use asks the gateway something with each key, or with some of them where there are many.
func (r *torture) use(secrets []string) {
	r.t.Helper()
	if len(secrets) > 300 {
		slices.Sort(secrets)
		for i := range 50 {
			j := i + r.dice.below(len(secrets)-i)
			secrets[i], secrets[j] = secrets[j], secrets[i]
		}
		secrets = secrets[:50]
	}
	for _, secret := range secrets {
		q, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.gate.url()+"/v1/models", nil)
		if err != nil {
			r.t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer "+secret)
		resp, err := http.DefaultClient.Do(q)
		if err != nil {
			r.t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			r.t.Errorf("a key of results.csv does not work: %s", resp.Status)
		}
	}
}

// shown is how many bytes of a secret are found wherever they are.
const shown = 16

// search looks for the secrets, for the seeds that they were made from, and for the gateway's own key, in all that the runs have
// written and printed, but results.csv.
func (r *torture) search(secrets []string) {
	r.t.Helper()
	parts := map[string]bool{}
	for _, secret := range append(secrets, r.key) {
		secret = strings.TrimPrefix(secret, "sk-")
		parts[secret[:shown]], parts[secret[len(secret)-shown:]] = true, true
	}
	for seed := range r.seeds {
		for _, text := range []string{seed, hex.EncodeToString([]byte(seed)), base64.StdEncoding.EncodeToString([]byte(seed))} {
			parts[text[:shown]] = true
		}
	}
	found, files := 0, 0
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "results.csv" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for i := range max(0, len(text)-shown+1) {
			if parts[string(text[i:i+shown])] {
				found++
				r.t.Errorf("a secret is in %s, at %d", path, i)
				break
			}
		}
		return nil
	})
	if err != nil {
		r.t.Error(err)
	}
	if files < 5 {
		r.t.Errorf("only %d files were searched", files)
	}
}
