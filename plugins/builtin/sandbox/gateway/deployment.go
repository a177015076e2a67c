package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/google/uuid"
)

// deployment is one row of models: a model of the configuration file or of the
// database.
type deployment struct {
	id, name             string
	configured           bool
	params, info         object
	live                 object // the params that are served; nil for none
	createdAt, createdBy string
	updatedAt, updatedBy string
}

// newDeployment returns a deployment that is not stored yet. An empty id
// becomes a random one.
func newDeployment(id, name string, params, info object, now time.Time, user string) *deployment {
	if id == "" {
		id = uuid.NewString()
	}
	d := &deployment{id: id, name: name, params: object{}, info: object{}, createdBy: user, createdAt: stamp(now)}
	for _, flag := range paramFlags {
		d.params.set(flag, false)
	}
	d.info.set("db_model", false)
	d.info.set("member_auto_router", false)
	d.merge(params, info)
	d.info.set("id", id)
	d.touch(now, user)
	return d
}

// merge takes over the values that are not null.
func (d *deployment) merge(params, info object) {
	for name := range params {
		if params.has(name) {
			d.params[name] = params[name]
		}
	}
	for name := range info {
		if info.has(name) {
			d.info[name] = info[name]
		}
	}
}

// touch notes who changed d, and makes the router serve it when it can: a
// model whose provider it cannot tell is stored but not served, and after such
// a change the former params stay in service (observed on LiteLLM 1.106.2).
func (d *deployment) touch(now time.Time, user string) {
	d.updatedAt, d.updatedBy = stamp(now), user
	if providerOf(d.params) != "" {
		d.live = maps.Clone(d.params)
	}
}

// served is d with the params that are in service.
func (d *deployment) served() *deployment {
	s := *d
	s.params = d.live
	return &s
}

const deploymentColumns = `id, name, configured, params, info, live, created_at, created_by, updated_at, updated_by`

func (d *deployment) values() []any {
	var live any
	if d.live != nil {
		live = d.live.text()
	}
	return []any{d.id, d.name, d.configured, d.params.text(), d.info.text(), live, d.createdAt, d.createdBy, d.updatedAt, d.updatedBy}
}

func (d *deployment) insert(st *store) error {
	return st.exec(`INSERT INTO models (`+deploymentColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?)`, d.values()...)
}

func (d *deployment) update(st *store) error {
	return st.exec(`UPDATE models SET (`+deploymentColumns+`) = (?,?,?,?,?,?,?,?,?,?) WHERE id = ?`, append(d.values(), d.id)...)
}

// deployments returns all rows in the order of their creation, the configured
// ones first.
func (s *store) deployments() ([]*deployment, error) {
	return s.deploymentsWhere(`1`)
}

// deployment returns the row with the id, nil when there is none.
func (s *store) deployment(id string) (*deployment, error) {
	list, err := s.deploymentsWhere(`id = ?`, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

func (s *store) deploymentsWhere(where string, args ...any) ([]*deployment, error) {
	var list []*deployment
	err := s.each(`SELECT `+deploymentColumns+` FROM models WHERE `+where+` ORDER BY configured DESC, seq`, args, func(rows *sql.Rows) error {
		d := &deployment{}
		var params, info string
		var live *string
		err := rows.Scan(&d.id, &d.name, &d.configured, &params, &info, &live, &d.createdAt, &d.createdBy, &d.updatedAt, &d.updatedBy)
		if err != nil {
			return err
		}
		var errs [3]error
		d.params, errs[0] = parseObject(params)
		d.info, errs[1] = parseObject(info)
		if live != nil {
			d.live, errs[2] = parseObject(*live)
		}
		list = append(list, d)
		return errors.Join(errs[:]...)
	})
	return list, err
}

// row is the answer of /model/new and /model/update: the database row, with
// the strings of litellm_params as the ciphertext they are stored as in the
// real gateway.
func (d *deployment) row(secret string) ordered {
	params := object{}
	for name, v := range d.params {
		if text, ok := d.params.str(name); ok {
			params.set(name, cipherText(secret, d.id+"\x00"+name, text))
			continue
		}
		params[name] = v
	}
	return ordered{
		{"model_id", d.id}, {"model_name", d.name},
		{"litellm_params", params.stored()}, {"model_info", d.info.stored()},
		{"blocked", false},
		{"created_at", d.createdAt}, {"created_by", d.createdBy},
		{"updated_at", d.updatedAt}, {"updated_by", d.updatedBy},
	}
}

// cipherText returns text that looks like a sealed value: 40 bytes longer than
// it, in URL-safe base64. It cannot be opened, and stays the same as long as
// the value does.
func cipherText(secret, name, value string) string {
	out := make([]byte, 0, 40+len(value)+sha256.Size)
	for counter := uint32(0); len(out) < 40+len(value); counter++ {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(name + "\x00" + value))
		mac.Write(binary.BigEndian.AppendUint32(nil, counter))
		out = mac.Sum(out)
	}
	return base64.URLEncoding.EncodeToString(out[:40+len(value)])
}

// providerOf tells the provider of a model, "" when the router could not.
func providerOf(params object) string {
	if p, ok := params.str("custom_llm_provider"); ok && p != "" {
		return p
	}
	model, _ := params.str("model")
	if prefix, _, ok := strings.Cut(model, "/"); ok && isProvider(prefix) {
		return prefix
	}
	if c, ok := costs[model]; ok {
		return c.provider
	}
	return ""
}
