package job

import (
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func TestSecretsAreUnlikeEachOther(t *testing.T) {
	j := newJob(t, newStore(t))
	seen := map[string]string{}
	add := func(s *Step, n int, prefix string) {
		ref, secret, err := s.Secret(n, prefix)
		ok(t, err)
		if seen[ref] != "" || !strings.HasPrefix(secret, prefix) || len(secret) != len(prefix)+32 {
			t.Errorf("%s is there twice, or %q is none", ref, secret)
		}
		for _, other := range seen {
			if strings.TrimPrefix(other, prefix) == strings.TrimPrefix(secret, prefix) {
				t.Errorf("%s has the secret of another", ref)
			}
		}
		seen[ref] = secret
	}
	for n := range 2 {
		b := batch(t, j, n)
		load(t, b, people(2))
		for range 2 {
			i := next(t, b)
			for w := range 2 {
				s := step(t, i, w, generate)
				add(s, 0, "sk-")
				add(s, 1, "sk-")
				add(s, 0, "")
				named, err := i.Named(t.Context(), string(rune('a'+w)), 0)
				ok(t, err)
				add(named, 0, "sk-")
			}
		}
	}
	if len(seen) != 32 {
		t.Errorf("%d secrets", len(seen))
	}
	for ref, secret := range seen {
		if got, is := j.Resolve(ref); got != secret || !is {
			t.Errorf("%s is %q", ref, got)
		}
		if strings.IndexFunc(strings.TrimPrefix(ref, RefPrefix), needsEscape) >= 0 {
			t.Errorf("%q needs escapes", ref)
		}
	}
}

// Another job makes other secrets, and knows none of this one's references.
func TestSecretsOfAnotherJob(t *testing.T) {
	s := newStore(t)
	var refs, secrets []string
	var jobs []*Job
	for range 2 {
		j := newJob(t, s)
		load(t, batch(t, j, 0), people(1))
		ref, secret, err := step(t, next(t, batch(t, j, 0)), 0, generate).Secret(0, "sk-")
		ok(t, err)
		refs, secrets, jobs = append(refs, ref), append(secrets, secret), append(jobs, j)
	}
	if refs[0] == refs[1] || secrets[0] == secrets[1] {
		t.Error("both are the same")
	}
	if _, is := jobs[0].Resolve(refs[1]); is {
		t.Error("resolved")
	}
}

func TestResolveRefuses(t *testing.T) {
	j := newJob(t, newStore(t))
	load(t, batch(t, j, 0), people(1))
	i := next(t, batch(t, j, 0))
	ref, secret, err := step(t, i, 0, generate).Secret(0, "sk-")
	ok(t, err)
	flipped := map[byte]string{'0': "1"}[ref[len(ref)-1]]
	if flipped == "" {
		flipped = "0"
	}
	for name, wrong := range map[string]string{
		"nothing": "", "the beginning": RefPrefix, "a part": ref[:len(ref)-1], "more": ref + "0", "another tag": ref[:len(ref)-1] + flipped,
		"another step": strings.Replace(ref, "-w0-", "-w1-", 1), "another kind": strings.Replace(ref, "-w0-", "-x0-", 1),
		"another spelling": strings.Replace(ref, "-w0-", "-w00-", 1), "a sign": strings.Replace(ref, "-w0-", "-w+0-", 1),
		"capitals": strings.ToUpper(ref), "another prefix": strings.Replace(ref, "736b2d", "736b2e", 1),
		"an endless field": RefPrefix + strings.Repeat("a", 100) + ref, "no digits": strings.Replace(ref, "-w0-", "-w-", 1),
		"the host's": RefPrefix + "00112233445566778899aabbccddeeff",
	} {
		if wrong == ref {
			t.Fatalf("%s is the reference", name)
		}
		if got, is := j.Resolve(wrong); is || got != "" {
			t.Errorf("%s: resolved", name)
		}
	}
	text := `{"a":"` + ref + `","b":"Bearer ` + ref + `","c":"` + ref[:30] + `","d":"secret-ref:secret-ref:` + ref + `"}`
	want := strings.ReplaceAll(text, ref, secret)
	if got := string(j.Reveal([]byte(text))); got != want {
		t.Errorf("%s", got)
	}
	if n := j.keys.countRefs([]byte(text)); n != 3 {
		t.Errorf("%d references", n)
	}
	// Also when its item is not under way any more.
	ok(t, i.Done(t.Context(), nil))
	if got, is := j.Resolve(ref); got != secret || !is {
		t.Error("not resolved")
	}
}

func TestSecretPrefix(t *testing.T) {
	j := newJob(t, newStore(t))
	load(t, batch(t, j, 0), people(1))
	s := step(t, next(t, batch(t, j, 0)), 0, generate)
	for _, prefix := range []string{`"`, "a b", "ä", strings.Repeat("x", 17)} {
		_, _, err := s.Secret(0, prefix)
		refused(t, err, problem.Plugin, "cannot begin with")
	}
	if ref, _, err := s.Secret(0, strings.Repeat("x", 16)); err != nil {
		t.Error(err)
	} else if _, is := j.Resolve(ref); !is {
		t.Error("the longest prefix is not resolved")
	}
}

func FuzzReveal(f *testing.F) {
	k := &keyring{seed: make([]byte, seedLength)}
	j := &Job{keys: k}
	p := place{prefix: "sk-", kind: kindWrite}
	ref := k.ref(p)
	for _, text := range []string{"", ref, ref[:20] + ref, ref + ref, "secret-ref:-0-0-w0-0-", "secret-ref:736b2d-0-0-", "secret-ref:736b2d-0-0--0-0011223344556677"} {
		f.Add(text)
	}
	secret := k.secret(p, "key")
	f.Fuzz(func(t *testing.T, text string) {
		got, n := j.reveal(text, func(place) (string, bool) { return "key", true })
		if strings.Count(text, ref) == n && got != strings.ReplaceAll(text, ref, secret) {
			t.Errorf("%q becomes %q", text, got)
		}
		if n == 0 && got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}
