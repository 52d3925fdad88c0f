package postgres_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

func query(t testing.TB, cfg postgres.Config, text string, into ...any) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cfg.URL)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(t.Context())) }()
	return conn.QueryRow(t.Context(), text).Scan(into...)
}

func TestALostConnectionSaysWhetherSomethingWasDone(t *testing.T) {
	t.Parallel()
	server := pgtest.NewServer(t)
	cfg := postgres.Config{URL: server.Database(t)}
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	s := open(t, cfg)
	apply(t, s, ref(1), imported(ref(1), 0), at(0))

	blocker, err := pgx.Connect(t.Context(), cfg.URL)
	require.NoError(t, err)
	defer func() { _ = blocker.Close(context.Background()) }()
	_, err = blocker.Exec(t.Context(), "BEGIN; LOCK TABLE openmip.orders IN SHARE MODE") // reads pass, writes wait
	require.NoError(t, err)
	outcome := make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, err := s.Apply(ctx, ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(1))
		outcome <- err
	}()
	time.Sleep(100 * time.Millisecond)
	cancel() // it has begun: nobody stops it
	select {
	case err := <-outcome:
		require.Fail(t, "the write was given up", "%v", err)
	case <-time.After(100 * time.Millisecond):
	}
	require.NoError(t, server.Crash())
	err = <-outcome
	assert.ErrorIs(t, err, mip.ErrUnknown, "nobody can tell")
	_, err = s.Apply(t.Context(), ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(1))
	assert.NotNil(t, err)
	_, err = s.Order(t.Context(), ref(1))
	assert.ErrorIs(t, err, mip.ErrUnavailable)

	require.NoError(t, server.Start())
	o, err := s.Order(t.Context(), ref(1))
	require.NoError(t, err)
	assert.Equal(t, mip.StateReceived, o.State)

	ended, stop := context.WithCancel(t.Context())
	stop()
	_, err = s.Apply(ended, ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(1))
	assert.ErrorIs(t, err, mip.ErrUnavailable)
	apply(t, s, ref(1), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(1))
}

func TestErrorsHoldNoValues(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	execute(t, cfg, `CREATE FUNCTION quote() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN RAISE EXCEPTION 'not this one: %', NEW.body USING ERRCODE = '23514'; END$$;
		CREATE TRIGGER quote BEFORE INSERT ON openmip.orders FOR EACH ROW EXECUTE FUNCTION quote()`)
	e := imported(ref(1), 0)
	e.Facts.ShipTo.FirstName = "Canaryname"
	_, err := s.Apply(t.Context(), ref(1), e, at(0))
	require.ErrorIs(t, err, mip.ErrUnavailable)
	assert.NotContains(t, err.Error(), "Canaryname")
	assert.NotContains(t, err.Error(), "INSERT")
	assert.Contains(t, err.Error(), "23514")
	assert.ErrorIs(t, s.Note(t.Context(), "k\x00", "", "x"), mip.ErrInvalid)
	execute(t, cfg, "DROP TABLE openmip.cursors")
	_, err = s.Cursor(t.Context(), "shop")
	assert.ErrorIs(t, err, mip.ErrContract)
}

// same is a job as River's own client would insert it.
type same struct {
	Account string `json:"account"`
	Channel string `json:"channel"`
	ID      string `json:"id"`
	What    string `json:"kind"`
	Attempt int    `json:"attempt"`
	Seq     int64  `json:"seq"`
}

func (same) Kind() string { return "openmip_effect" }

var unfinished = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

func TestAJobIsWrittenAsRiverWritesIt(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	apply(t, s, ref(1), imported(ref(1), 0), time.Now())
	pool, err := pgxpool.New(t.Context(), cfg.URL)
	require.NoError(t, err)
	defer pool.Close()
	row := func() map[string]any {
		var text []byte
		require.NoError(t, pool.QueryRow(t.Context(), "DELETE FROM openmip.river_job AS j RETURNING to_json(j)").Scan(&text))
		var out map[string]any
		require.NoError(t, json.Unmarshal(text, &out))
		for _, differs := range []string{"id", "created_at", "scheduled_at", "unique_key"} {
			assert.NotNil(t, out[differs], differs)
			delete(out, differs)
		}
		return out
	}
	ours := row()
	var args same
	text, err := json.Marshal(ours["args"])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &args))
	assert.Equal(t, same{"main", "shop", ref(1).ID, "check", 0, args.Seq}, args, "references and nothing else")

	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: "openmip"})
	require.NoError(t, err)
	_, err = client.Insert(t.Context(), args, &river.InsertOpts{Queue: "main-check", MaxAttempts: 30_000, Priority: int(ours["priority"].(float64)),
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}})
	require.NoError(t, err)
	theirs := row()
	assert.Equal(t, theirs["metadata"], ours["metadata"])
	assert.Equal(t, theirs, ours)
}
