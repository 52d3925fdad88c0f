package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/openmip/openmip/mip"
	driver "modernc.org/sqlite"
)

// create makes an empty file for its owner only, unless the file exists. An
// existing one is never opened here: closing it again would end the locks
// that SQLite holds on it in this process.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect returns a pool on a file; nothing is opened yet.
func connect(path string, options ...string) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	dsn := (&url.URL{Scheme: "file", Path: slashed, RawQuery: strings.Join(options, "&")}).String()
	c, err := driver.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetConnMaxIdleTime(0)
	db.SetConnMaxLifetime(0)
	return db, nil
}

// lock is the right to use a database file, held by an exclusive transaction
// on an empty file beside it.
type lock struct {
	db   *sql.DB
	conn *sql.Conn
}

func acquire(ctx context.Context, path string) (*lock, error) {
	if err := create(path); err != nil {
		return nil, failure(opOpen, mip.Ref{}, err)
	}
	db, err := connect(path, "_busy_timeout=0", "_pragma=journal_mode(MEMORY)")
	if err != nil {
		return nil, failure(opOpen, mip.Ref{}, err)
	}
	l := &lock{db: db}
	if l.conn, err = db.Conn(ctx); err == nil {
		_, err = l.conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err == nil {
		return l, nil
	}
	_ = l.release()
	if busy(err) {
		return nil, &mip.Error{Op: opOpen, Kind: mip.ErrConflict, Err: errors.New("another store has this file open")}
	}
	return nil, failure(opOpen, mip.Ref{}, err)
}

func (l *lock) release() error {
	var errs []error
	if l.conn != nil {
		_, _ = l.conn.ExecContext(context.Background(), "ROLLBACK")
		errs = append(errs, l.conn.Close())
	}
	return errors.Join(append(errs, l.db.Close())...)
}
