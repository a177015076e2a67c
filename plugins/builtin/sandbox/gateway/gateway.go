// Package gateway is a stand-in for a LiteLLM gateway, kept in SQLite.
//
// It answers the part of the gateway's HTTP API that the bundled plugins use
// the way LiteLLM 1.106.2 answers it, traps included: statuses, error shapes,
// side effects, the order of members. "observed on LiteLLM 1.106.2" in this
// package means that the answer was seen on a running gateway of that version.
// Where the stand-in knows less than the real thing it says so at the place.
//
// A resource is a file or a few files, listed in the table of routes.go. A
// handler is a function from a request to an answer; it runs inside one
// transaction, which is committed before the first byte of the answer is sent.
package gateway

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Options says which gateway Open opens.
type Options struct {
	// Path is the database file, created with its directory when missing, or
	// ":memory:" for a gateway that is gone with Close.
	Path string
	// Seed fills a database when it is created: "demo" (also "") has two
	// configured models and one from the database, "empty" only the two
	// configured ones. It has no effect on a database that exists.
	Seed string
	// Faults are the misbehaviours of this Gateway, tried in this order. They
	// and their counters are not kept in the database.
	Faults []Fault
	// Now is the clock; nil means time.Now. It may be called concurrently.
	Now func() time.Time
	// Report is told of errors of the stand-in itself, such as a full disk;
	// the client sees a 500. It may be called concurrently and never gets
	// values from requests. Nil drops them.
	Report func(error)
}

// Gateway is an open stand-in. It is an http.Handler, safe for concurrent use;
// other processes may have the same file open at the same time.
type Gateway struct {
	db     *sql.DB
	key    string
	now    func() time.Time
	report func(error)
	routes *router
	faults *faultPlan
	closed chan struct{}
}

// Open opens the gateway that o describes and creates its database when there
// is none. Creation is atomic: of several processes that open the same new
// file, one makes the key and the seed and the others see them. A database of
// a newer schema than this program knows is refused. ctx bounds the opening
// only.
func Open(ctx context.Context, o Options) (*Gateway, error) {
	seed, err := seedNamed(o.Seed)
	if err != nil {
		return nil, err
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	report := o.Report
	if report == nil {
		report = func(error) {}
	}
	db, err := openDatabase(ctx, o.Path)
	if err != nil {
		return nil, err
	}
	key, err := prepareDatabase(ctx, db, seed, now())
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open sandbox database %q: %w", o.Path, err)
	}
	return &Gateway{
		db:     db,
		key:    key,
		now:    now,
		report: report,
		routes: newRouter(routeTable()),
		faults: newFaultPlan(o.Faults),
		closed: make(chan struct{}),
	}, nil
}

// Key is the admin key of the gateway: it has the role proxy_admin, is made at
// random when the database is created and stays the same for its lifetime.
func (g *Gateway) Key() string { return g.key }

// Close ends stalled answers and releases the database. It is called once,
// when the server takes no more requests; one that still comes gets a 500.
func (g *Gateway) Close() error {
	close(g.closed)
	if err := g.db.Close(); err != nil {
		return fmt.Errorf("close sandbox database: %w", err)
	}
	return nil
}

// ServeHTTP answers one request. It does not check the Host header: that is
// the business of whoever listens. A cut connection is a panic with
// http.ErrAbortHandler, which http.Server understands.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	effect := g.faults.take(r.Method, r.URL.Path)
	if effect.before(w, r, g.closed) {
		return
	}
	a := g.handle(r)
	effect.send(w, r, a, g.closed)
}

// handle finds the route of r, reads its body and runs its handler in a
// transaction.
func (g *Gateway) handle(r *http.Request) answer {
	route, pathValue, refusal := g.routes.find(r.Method, r.URL.Path)
	if route == nil {
		if refusal.status == http.StatusTemporaryRedirect {
			refusal.header = http.Header{"Location": {withoutSlash(r)}}
		}
		return refusal
	}
	q := &request{http: r, now: g.now().UTC(), route: route, pathValue: pathValue, masterKey: g.key}
	if a, ok := q.readBody(); !ok {
		return a
	}
	a, err := g.transact(r.Context(), route, q)
	if err != nil {
		g.report(fmt.Errorf("sandbox: %s %s: %w", route.method, route.pattern, err))
		return unhandledError()
	}
	return a
}

// withoutSlash is the address of r without the slash at the end of its path;
// the real gateway gives it in full.
func withoutSlash(r *http.Request) string {
	u := *r.URL
	u.Scheme, u.Host = "http", r.Host
	u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), strings.TrimSuffix(u.RawPath, "/")
	return u.String()
}

// transact runs the handler of route; the transaction is rolled back only when
// the handler reports an error of ours. A refusal is committed too, because
// the real gateway keeps what it did before it refused. A client that goes
// away stops nothing: a transaction that is interrupted takes its connection
// with it, and with the connection a database in memory.
func (g *Gateway) transact(ctx context.Context, route *route, q *request) (answer, error) {
	ctx = context.WithoutCancel(ctx)
	tx, err := g.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: !route.writes})
	if err != nil {
		return answer{}, fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	q.tx = &store{tx: tx, ctx: ctx}
	if a, ok, err := authorize(q); err != nil || !ok {
		return a, err
	}
	a, err := route.handler(q)
	if no, isRefusal := errors.AsType[refusal](err); isRefusal {
		a, err = no.answer, nil
	}
	if err != nil {
		return answer{}, err
	}
	if err := tx.Commit(); err != nil {
		return answer{}, fmt.Errorf("commit: %w", err)
	}
	return a, nil
}
