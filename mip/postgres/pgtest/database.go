package pgtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// shared is the cluster of this process; it ends with it.
var shared = sync.OnceValues(start)

// Database returns the URL of a fresh, empty database, which is dropped when
// the test ends.
func Database(t testing.TB) string {
	t.Helper()
	if given := os.Getenv("OPENMIP_TEST_POSTGRES"); given != "" {
		return create(t, given, func(name string) string {
			u, err := url.Parse(given)
			if err != nil {
				t.Fatal("pgtest: OPENMIP_TEST_POSTGRES is no URL")
			}
			u.Path = "/" + name
			return u.String()
		})
	}
	s, err := shared()
	if err != nil {
		absent(t, err)
	}
	return s.Database(t)
}

// Database returns the URL of a fresh, empty database on this server.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return create(t, s.url("postgres"), s.url)
}

func create(t testing.TB, admin string, named func(string) string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()) // machines may share a server
	if err := execute(t.Context(), admin, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = execute(ctx, admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") // the server may be stopped
	})
	return named(name)
}

func execute(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
