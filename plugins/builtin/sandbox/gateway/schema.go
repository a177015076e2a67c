package gateway

// schema keeps what is asked for in columns and the rest of a row as JSON.
const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE models (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	configured INTEGER NOT NULL DEFAULT 0,
	params TEXT NOT NULL,
	info TEXT NOT NULL,
	live TEXT,
	created_at TEXT NOT NULL, created_by TEXT NOT NULL,
	updated_at TEXT NOT NULL, updated_by TEXT NOT NULL
);
CREATE TABLE users (
	user_id TEXT PRIMARY KEY,
	user_email TEXT,
	user_alias TEXT,
	user_role TEXT,
	spend REAL NOT NULL DEFAULT 0,
	max_budget REAL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX users_created ON users (created_at);
CREATE INDEX users_email ON users (user_email COLLATE NOCASE);
CREATE TABLE keys (
	token TEXT PRIMARY KEY,
	key_alias TEXT,
	user_id TEXT,
	team_id TEXT,
	organization_id TEXT,
	created_by TEXT,
	blocked INTEGER,
	expires TEXT,
	spend REAL NOT NULL DEFAULT 0,
	total_spend REAL NOT NULL DEFAULT 0,
	max_budget REAL,
	last_active TEXT,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX keys_alias ON keys (key_alias);
CREATE INDEX keys_user ON keys (user_id);
CREATE INDEX keys_team ON keys (team_id);
CREATE INDEX keys_created ON keys (created_at, token);
CREATE TABLE deleted_keys (
	id TEXT NOT NULL,
	deleted_at TEXT NOT NULL,
	deleted_by TEXT,
	deleted_by_api_key TEXT,
	token TEXT NOT NULL,
	key_alias TEXT,
	user_id TEXT,
	team_id TEXT,
	organization_id TEXT,
	created_by TEXT,
	blocked INTEGER,
	expires TEXT,
	spend REAL NOT NULL,
	total_spend REAL NOT NULL,
	max_budget REAL,
	last_active TEXT,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	data TEXT NOT NULL
);
CREATE INDEX deleted_keys_token ON deleted_keys (token);
CREATE INDEX deleted_keys_created ON deleted_keys (created_at, token);
CREATE TABLE teams (
	team_id TEXT PRIMARY KEY,
	team_alias TEXT,
	organization_id TEXT,
	blocked INTEGER NOT NULL DEFAULT 0,
	spend REAL NOT NULL DEFAULT 0,
	max_budget REAL,
	members TEXT NOT NULL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX teams_created ON teams (created_at);
CREATE TABLE deleted_teams (
	id TEXT NOT NULL,
	deleted_at TEXT NOT NULL,
	deleted_by TEXT,
	deleted_by_api_key TEXT,
	team_id TEXT NOT NULL,
	team_alias TEXT,
	organization_id TEXT,
	blocked INTEGER NOT NULL,
	spend REAL NOT NULL,
	max_budget REAL,
	members TEXT NOT NULL,
	created_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	data TEXT NOT NULL
);
CREATE TABLE memberships (
	team_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	spend REAL NOT NULL DEFAULT 0,
	budget_id TEXT,
	PRIMARY KEY (team_id, user_id)
) WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_id);
CREATE TABLE budgets (
	budget_id TEXT PRIMARY KEY,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE rates (
	subject TEXT PRIMARY KEY,
	started INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	tokens INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE credentials (
	name TEXT PRIMARY KEY,
	display_name TEXT,
	info TEXT NOT NULL,
	secrets TEXT NOT NULL,
	created_at TEXT NOT NULL
) WITHOUT ROWID;`
