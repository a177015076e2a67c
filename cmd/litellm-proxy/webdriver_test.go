package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// webDriver is a browser, driven as the W3C's WebDriver says: its address is that of its session.
type webDriver string

// newBrowser starts a Chromium without a window.
func newBrowser(t *testing.T) webDriver {
	t.Helper()
	path, err := exec.LookPath("chromedriver")
	if err != nil {
		t.Skip("there is no chromedriver here")
	}
	driver := exec.Command(path, "--port=0") //nolint:noctx // it must outlive the test's context, to end the browser
	out, err := driver.StdoutPipe()
	if err == nil {
		err = driver.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = driver.Process.Kill()
		_ = driver.Wait()
	})
	port := ""
	lines := bufio.NewScanner(out)
	for port == "" && lines.Scan() {
		if m := regexp.MustCompile(`successfully on port (\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			port = m[1]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	data, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) }) // the browser may be writing there until it has ended
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir=" + data,
	}
	root := webDriver("http://127.0.0.1:" + port)
	var session struct{ SessionID string }
	err = root.do("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{"goog:chromeOptions": map[string]any{"args": args}}}}, &session)
	if err != nil {
		t.Fatal(err)
	}
	w := root + webDriver("/session/"+session.SessionID)
	t.Cleanup(func() { _ = w.do("DELETE", "", nil, nil) })
	return w
}

// do sends one command; answer gets the value of the answer.
func (w webDriver) do(method, path string, body, answer any) error {
	raw := []byte("{}")
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	if method != "POST" {
		raw = nil
	}
	r, err := http.NewRequest(method, string(w)+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: time.Minute}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var doc struct{ Value json.RawMessage }
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		return err
	}
	if resp.StatusCode != 200 {
		return fmt.Errorf("%s %s: %s", method, path, doc.Value)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(doc.Value, answer)
}

func (w webDriver) open(address string) error {
	return w.do("POST", "/url", map[string]string{"url": address}, nil)
}

// element finds what a selector of CSS means, when it is there.
func (w webDriver) element(css string) (string, error) {
	var found map[string]string
	for end := time.Now().Add(20 * time.Second); ; {
		err := w.do("POST", "/element", map[string]string{"using": "css selector", "value": css}, &found)
		if err == nil {
			break
		}
		if time.Now().After(end) {
			var page string
			_ = w.do("GET", "/source", nil, &page)
			return "", fmt.Errorf("%w\n%s", err, page)
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, id := range found {
		return "/element/" + id, nil
	}
	return "", fmt.Errorf("no element %s", css)
}

func (w webDriver) click(css string) error {
	e, err := w.element(css)
	if err != nil {
		return err
	}
	return w.do("POST", e+"/click", nil, nil)
}

func (w webDriver) write(css, text string) error {
	e, err := w.element(css)
	if err != nil {
		return err
	}
	return w.do("POST", e+"/value", map[string]string{"text": text}, nil)
}

// approve does what a person does on the gateway's pages: it enters the code, if there is one, or chooses the team, if one is
// wanted, and decides.
func (w webDriver) approve(address, code, team, decision string) error {
	if err := w.open(address); err != nil {
		return err
	}
	if code != "" {
		if err := w.write("input[name=user_code]", code); err != nil {
			return err
		}
		if err := w.click("button[type=submit]"); err != nil {
			return err
		}
		_, err := w.element("h1")
		return err
	}
	if !strings.Contains(address, "/authorize?") {
		_, err := w.element("h1") // the older gateway's page says that it is done
		return err
	}
	if team != "" {
		if err := w.click("option[value='" + team + "']"); err != nil {
			return err
		}
	}
	return w.click("button[value=" + decision + "]")
}

// drive is $BROWSER of the test: it has the browser do what the environment says.
func drive() {
	w := webDriver(os.Getenv("TEST_WEBDRIVER"))
	if err := w.approve(os.Args[1], "", os.Getenv("TEST_TEAM"), os.Getenv("TEST_DECISION")); err != nil {
		_ = os.WriteFile(os.Getenv("TEST_FAILURE"), []byte(err.Error()), 0o600)
		os.Exit(1)
	}
}

// browse is the browser of these tests: it opens an address and goes where that leads.
func browse() {
	resp, err := http.Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = resp.Body.Close()
}
