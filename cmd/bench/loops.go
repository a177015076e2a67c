package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/litellm-proxy/litellm-proxy/sdk/protocol"
)

// inFlight is how many requests, or items, are under way at once, in the scripts and in the loops that they are measured against.
const inFlight = 64

// runLoop is what a script is measured against, in a process of its own as the script is: the loop that somebody would write in Go.
func runLoop(ctx context.Context, name, url, dir string, n int) error {
	c := &client{url: url, http: &http.Client{Transport: &http.Transport{MaxIdleConns: 2 * inFlight, MaxIdleConnsPerHost: inFlight}}}
	switch name {
	case "writes":
		return pool(n, func(i int) error { return c.ask(ctx, "POST", "/x", map[string]int{"n": i}, nil) })
	case "items":
		log, err := openLog(filepath.Join(dir, "journal.jsonl"))
		if err != nil {
			return err
		}
		err = pool(n, func(i int) error { return generate(ctx, c, log, i) })
		if closed := log.close(); err == nil {
			err = closed
		}
		return err
	}
	return fmt.Errorf("no loop %q", name)
}

// pool calls do with 0 to n-1, inFlight of them at once, until one fails.
func pool(n int, do func(i int) error) error {
	var next atomic.Int64
	var all sync.WaitGroup
	failed := make(chan error, inFlight)
	for range inFlight {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := do(int(i)); err != nil {
					failed <- err
					next.Store(int64(n))
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}

// generate makes a key and reads it back, as `keys generate` does. The key is on disk as the result of a step, and then as the
// row of the item, before the next thing is done.
func generate(ctx context.Context, c *client, log *log, i int) error {
	secret := make([]byte, 24)
	_, _ = rand.Read(secret)
	key := "sk-" + base64.RawURLEncoding.EncodeToString(secret)
	var made struct {
		Token string `json:"token"`
	}
	if err := c.ask(ctx, "POST", "/key/generate", map[string]any{"max_budget": 1, "key": key}, &made); err != nil {
		return err
	}
	if made.Token != protocol.KeyHash(key) {
		return fmt.Errorf("item %d: the answer is about another key", i)
	}
	var read struct {
		Info map[string]any `json:"info"`
	}
	if err := c.ask(ctx, "GET", "/key/info?key="+made.Token, nil, &read); err != nil {
		return err
	}
	if read.Info["max_budget"] != 1.0 {
		return fmt.Errorf("item %d: the key has another budget", i)
	}
	if err := log.write(map[string]any{"item": i, "step": 0, "result": read.Info}); err != nil {
		return err
	}
	return log.write(map[string]any{"item": i, "row": map[string]any{"i": i, "key": key}})
}

// client speaks JSON with the gateway.
type client struct {
	url  string
	http *http.Client
}

func (c *client) ask(ctx context.Context, method, path string, body, out any) error {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, sent)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}
