package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/go-playground/validator/v10"
	"github.com/openmip/openmip/mip"
)

// Config says where the file is.
type Config struct {
	// Path of the database file. It is created if missing; its folder must
	// exist. "-wal", "-shm" and ".lock" files appear beside it.
	Path string `validate:"required,ne=:memory:"`
	// Readers is how many connections read beside the one that writes.
	Readers int `validate:"gte=0,lte=64"` // 0 = 4
}

// Store keeps orders, cursors, reservations and the outbox in one file. It is
// safe for concurrent use; writes queue up, reads do not wait for them.
type Store struct {
	lock    *lock
	readers *sql.DB
	reads   reads

	recent  recent
	coming  atomic.Int32 // writes that are not run yet
	line    line
	mu      sync.Mutex // guards all below: one writer
	w       *writer
	group   *group // the transaction under way, nil = none
	crowd   bool   // the last one had several writes
	leases  leases
	entry   int64 // the last one of all histories
	stale   bool  // the write-ahead log may hold erased personal data
	blocked bool  // and a reader is in the way of emptying it
	closed  bool
}

var (
	_ mip.Store = (*Store)(nil)
	_ mip.Queue = (*Store)(nil)
)

const opOpen = "sqlite: open"

// Open opens the file, creates it if it is missing, and brings its tables up
// to date. A wrong Config is [mip.ErrInvalid], a file that another Store has
// open [mip.ErrConflict], one of a newer program, of another program or a
// damaged one [mip.ErrContract], anything else [mip.ErrUnavailable].
func Open(cfg Config) (*Store, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(cfg); err != nil {
		return nil, &mip.Error{Op: opOpen, Kind: mip.ErrInvalid, Err: err}
	}
	if cfg.Readers == 0 {
		cfg.Readers = 4
	}
	path, err := resolve(cfg.Path)
	if err != nil {
		return nil, failure(opOpen, mip.Ref{}, err)
	}
	s := &Store{}
	if err := s.open(path, cfg.Readers); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(path string, readers int) (err error) {
	ctx := context.Background()
	if s.lock, err = acquire(ctx, path+".lock"); err != nil {
		return err
	}
	if err := create(path); err != nil {
		return failure(opOpen, mip.Ref{}, err)
	}
	if s.w, err = newWriter(ctx, path); err != nil {
		return err
	}
	if s.leases, err = newLeases(ctx, s.w); err != nil {
		return err
	}
	if err := s.w.conn.QueryRowContext(ctx, "SELECT coalesce(max(n), 0) FROM history").Scan(&s.entry); err != nil {
		return failure(opOpen, mip.Ref{}, err)
	}
	if s.readers, err = connect(path, "_query_only=1", "_busy_timeout=5000", "_pragma=temp_store(MEMORY)", "_pragma=trusted_schema(0)"); err != nil {
		return failure(opOpen, mip.Ref{}, err)
	}
	s.readers.SetMaxOpenConns(readers)
	s.readers.SetMaxIdleConns(readers)
	return s.reads.prepare(ctx, s.readers)
}

// resolve makes two names of one file the same, so that they share a lock.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}

// Close waits for the write under way, empties the write-ahead log and gives
// the file free. Calling it again does nothing. Afterwards every method is
// [mip.ErrUnavailable].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.commit(context.Background())
	var errs []error
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.w != nil {
		errs = append(errs, s.w.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return failure("sqlite: close", mip.Ref{}, err)
	}
	return nil
}

// Check reads the whole file and returns an [mip.ErrContract] error if it is
// damaged. It may take minutes on a large file; writes go on meanwhile.
func (s *Store) Check(ctx context.Context) error {
	const op = "sqlite: check"
	var verdict string
	if err := s.readers.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return failure(op, mip.Ref{}, err)
	}
	if verdict != "ok" {
		return &mip.Error{Op: op, Kind: mip.ErrContract, Err: errors.New("the file is damaged; restore a back-up")}
	}
	return nil
}
