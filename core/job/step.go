package job

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// Kinds of steps, as the journal and references have them.
const (
	kindWrite = 'w'
	kindNamed = 'n'
)

// Kinds of marks, as the journal has them.
const (
	markIntent = "i"
	markSent   = "s"
)

// Step is one write of an item, or a piece of work that the script has named. It is safe for concurrent use.
type Step struct {
	item  *Item
	id    int64
	key   stepKey
	name  string
	call  []byte
	first int
	again bool
	sent  []string // by earlier runs

	mu       sync.Mutex
	used     bool // by this run
	finished bool
	result   []byte
	after    int
	intents  []intent
	marks    int
}

type intent struct{ name, identity string }

// Step begins the n-th write of the item, from 0, or finds what an earlier run has made of it. call is what the write is, as
// JSON: {"command": …, "values": …}. One that differs from what was recorded is a *problem.Error that shows both.
func (i *Item) Step(ctx context.Context, n int, call []byte) (*Step, error) {
	if err := i.batch.job.goesOn(ctx); err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	key := stepKey{kindWrite, n}
	if s := i.steps[key]; s != nil {
		if e := i.differs(s, call); e != nil {
			return nil, e
		}
		s.use()
		return s, nil
	}
	return i.register(&Step{key: key, name: commandOf(call), call: bytes.Clone(call)})
}

// Named begins a step that the script has named, or finds it. first is how many writes the item had before it. An item has each
// name once.
func (i *Item) Named(ctx context.Context, name string, first int) (*Step, error) {
	if err := i.batch.job.goesOn(ctx); err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.names[name]
	if s == nil {
		s, err := i.register(&Step{key: stepKey{kindNamed, len(i.names)}, name: name, first: first})
		if err == nil {
			i.names[name] = s
		}
		return s, err
	}
	if s.use() {
		return nil, problem.New(problem.Script, "cannot begin step %q of item %q: the item has one of that name", name, i.Key)
	}
	// Its writes would be taken for others.
	if _, _, finished := s.Finished(); !finished && s.first != first {
		return nil, i.moved(s, first)
	}
	return s, nil
}

// register notes a new step. Nobody waits for it: what is done in it comes behind it.
func (i *Item) register(s *Step) (*Step, error) {
	j := i.batch.job.journal
	s.item, s.used, s.id = i, true, j.nextStep.Add(1)
	id, item := s.id, i.id()
	err := j.note(func(db *database) error {
		return db.exec(`INSERT INTO step (id, item, kind, n, name, call, first, finished, after, outcome, secrets) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, '', 0)`,
			id, item, string(rune(s.key.kind)), s.key.n, s.name, s.call, s.first)
	})
	if err != nil {
		return nil, err
	}
	i.steps[s.key] = s
	return s, nil
}

// use says that this run works on the step, and returns whether it did before.
func (s *Step) use() (before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.used = s.used, true
	return before
}

// Finished returns the result that was recorded. after is how many writes the item had when a named step ended.
func (s *Step) Finished() (result []byte, after int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.result, s.after, s.finished
}

// Again reports whether an earlier run had begun it.
func (s *Step) Again() bool { return s.again }

// Intent notes what identifies the effect of a write, or returns what was noted under that name before, and then again is true.
// It is on disk when Intent returns.
func (s *Step) Intent(ctx context.Context, name, identity string) (use string, again bool, err error) {
	if err := s.item.batch.job.goesOn(ctx); err != nil {
		return "", false, err
	}
	s.mu.Lock()
	if i := slices.IndexFunc(s.intents, func(i intent) bool { return i.name == name }); i >= 0 {
		defer s.mu.Unlock()
		return s.intents[i].identity, true, nil
	}
	s.intents = append(s.intents, intent{name, identity})
	s.mu.Unlock()
	return identity, false, s.mark(markIntent, name, identity)
}

// Send notes that a write without an identity is about to be sent: if its answer is lost nobody can say what it did. It is on
// disk when Send returns.
func (s *Step) Send(ctx context.Context, what string) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return s.mark(markSent, what, "")
}

func (s *Step) mark(kind, name, value string) error {
	s.mu.Lock()
	n := s.marks
	s.marks++
	s.mu.Unlock()
	return s.item.batch.job.journal.write(func(db *database) error {
		return db.exec(`INSERT INTO mark VALUES (?, ?, ?, ?, ?)`, s.id, n, kind, name, value)
	})
}

// Sent are the writes without an identity that an earlier run has sent.
func (s *Step) Sent() []string { return slices.Clone(s.sent) }

// Secret is the n-th secret of the step, from 0: the same in every run. ref stands for it.
func (s *Step) Secret(n int, prefix string) (ref, secret string, err error) {
	if err := checkPrefix(prefix); err != nil {
		return "", "", err
	}
	b := s.item.batch
	p := place{prefix: prefix, batch: b.n, n: s.item.n, kind: s.key.kind, step: s.key.n, secret: n}
	ref, secret = b.job.keys.ref(p), b.job.keys.secret(p, s.item.Key)
	if ref == "" || secret == "" {
		return "", "", problem.New(problem.Failed, "cannot make a secret: the seed of job %s was destroyed", b.job.id)
	}
	return ref, secret, nil
}

// Finish notes the result, JSON in which references stand for secrets. It is on disk when Finish returns, and ctx does not
// matter: what was done must be known.
func (s *Step) Finish(_ context.Context, result []byte, after int) error {
	result = bytes.Clone(result)
	outcome := ""
	if s.key.kind == kindWrite {
		outcome = outcomeOf(result)
	}
	secrets := s.item.batch.job.keys.countRefs(result)
	err := s.item.batch.job.journal.write(func(db *database) error {
		return db.exec(`UPDATE step SET finished = 1, result = ?, after = ?, outcome = ?, secrets = ? WHERE id = ?`,
			result, after, outcome, secrets, s.id)
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.finished, s.result, s.after = true, result, after
	s.mu.Unlock()
	s.item.mu.Lock()
	s.item.effect = max(s.item.effect, effectOf(outcome))
	s.item.mu.Unlock()
	return nil
}
