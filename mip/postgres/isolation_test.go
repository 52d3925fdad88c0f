package postgres_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/rest"
)

// deed is something that one account does while the other's rows are watched.
type deed struct {
	methods string // of Store, separated by spaces
	reads   bool   // it changes nothing
	do      func(t *testing.T, s *postgres.Store)
}

// deeds are done in this order on an account that was furnished.
func deeds() []deed {
	lease := func(t *testing.T, s *postgres.Store) mip.Lease {
		all, err := s.Lease(t.Context(), at(60), at(70), 1)
		require.NoError(t, err)
		require.Len(t, all, 1)
		return all[0]
	}
	ok := require.NoError
	return []deed{
		{"Apply", false, func(t *testing.T, s *postgres.Store) { apply(t, s, ref(1), imported(ref(1), 3), at(3)) }},
		{"Apply", false, func(t *testing.T, s *postgres.Store) { apply(t, s, ref(5), imported(ref(5), 3), at(3)) }},
		{"Apply", false, func(t *testing.T, s *postgres.Store) { // worth a line, and nothing else
			_, err := s.Apply(t.Context(), ref(2), mip.Event{Kind: mip.EventPlaced, Attempt: 7, Placements: []mip.Placement{{ID: "P7"}}}, at(4))
			t.Log(err)
			apply(t, s, ref(2), mip.Event{Kind: mip.EventErased, Actor: "p1"}, at(4))
		}},
		{"Lease", false, func(t *testing.T, s *postgres.Store) { lease(t, s) }},
		{"Lease Done", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Done(t.Context(), lease(t, s))) }},
		{"Lease Later", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Later(t.Context(), lease(t, s), at(65))) }},
		{"SaveCursor", false, func(t *testing.T, s *postgres.Store) { ok(t, s.SaveCursor(t.Context(), "shop", "1", "2")) }},
		{"SaveCursor", false, func(t *testing.T, s *postgres.Store) { ok(t, s.SaveCursor(t.Context(), "shop", "2", "")) }},
		{"SaveCursor", false, func(t *testing.T, s *postgres.Store) { ok(t, s.SaveCursor(t.Context(), "shop", "", "3")) }},
		{"Reserve", false, func(t *testing.T, s *postgres.Store) {
			ok(t, s.Reserve(t.Context(), reservation("new"), mip.Balance{Amount: mip.EUR(30_00), ReadAt: at(0)}), "others' reservations take nothing from this purse")
			assert.ErrorIs(t, s.Reserve(t.Context(), reservation("more"), mip.Balance{Amount: mip.EUR(30_00), ReadAt: at(0)}), mip.ErrUnfunded)
		}},
		{"Note", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Note(t.Context(), "open", "", "x")) }},
		{"Settle", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Settle(t.Context(), "open", mip.EUR(8_00), at(5))) }},
		{"Release", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Release(t.Context(), "kept", at(5))) }},
		{"Release", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Release(t.Context(), "never", at(5))) }},
		{"Keep", false, func(t *testing.T, s *postgres.Store) {
			fresh, err := s.Keep(t.Context(), message("3"))
			assert.True(t, err == nil && fresh)
		}},
		{"Handled", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Handled(t.Context(), "shop", "1")) }},
		{"Prune", false, func(t *testing.T, s *postgres.Store) {
			n, err := s.Prune(t.Context(), at(9))
			assert.True(t, err == nil && n == 1, "%d", n)
		}},
		{"Limiter", false, func(t *testing.T, s *postgres.Store) {
			l := s.Limiter("bigbuy", plan)
			ok(t, l.Wait(t.Context(), "orders", 0))
			l.Observe(t.Context(), "orders", rest.Limits{Remaining: 0, Wait: time.Minute})
			l.Observe(t.Context(), "orders", rest.Limits{Throttled: true, Remaining: -1, Wait: time.Minute})
			assert.ErrorIs(t, l.Wait(t.Context(), "orders", 0), mip.ErrThrottled)
		}},
		{"Take", false, func(t *testing.T, s *postgres.Store) {
			mine, err := s.Take(t.Context(), "poll/shop", "me", time.Hour)
			assert.True(t, err == nil && mine)
		}},
		{"Leave", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Leave(t.Context(), "purse", "me")) }},
		{"Claim", false, func(t *testing.T, s *postgres.Store) {
			apply(t, s, ref(9), imported(ref(9), 0), at(3))
			e := mip.Effect{Ref: ref(9), Kind: mip.EffectCheck}
			l, err := s.Claim(t.Context(), s.Account(), e, 1, at(60))
			assert.True(t, err == nil && l.Token != 0)
		}},
		{"Mend", false, func(t *testing.T, s *postgres.Store) { ok(t, s.Mend(t.Context(), at(600))) }},
		{"Run", false, func(t *testing.T, s *postgres.Store) {
			ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
			defer stop()
			w := engine.Work{Channels: []string{"shop"}, Every: 50 * time.Millisecond, Timing: swift, Now: func() time.Time { return at(900) },
				Failed: func(_ context.Context, err error) { t.Error(err) }, Recheck: func(context.Context) {}, Poll: func(context.Context, string) {},
				Perform: func(_ context.Context, l []mip.Lease) []time.Time { return make([]time.Time, len(l)) }}
			w.Timing.TrackBatch = 9
			ok(t, s.Run(ctx, w))
		}},
		{"Order History Orders Counts Cursor Reservation Reservations NextDue Waiting Pending Account", true, func(t *testing.T, s *postgres.Store) { picture(t, s) }},
	}
}

var plan = map[string]rest.Budget{"orders": {Calls: 9, Per: time.Hour}}

func reservation(key string) mip.Reservation {
	return mip.Reservation{Key: key, Account: "wallet", Ref: ref(1), Amount: mip.EUR(9_00), At: at(0)}
}

func message(id string) mip.Message {
	return mip.Message{Source: "shop", ID: id, Refs: []mip.Ref{ref(1)}, At: at(0)}
}

// furnish gives an account one of everything, under names that every account
// has.
func furnish(t *testing.T, s *postgres.Store) {
	t.Helper()
	for i := range 3 {
		apply(t, s, ref(i+1), imported(ref(i+1), i), at(i))
	}
	apply(t, s, ref(3), mip.Event{Kind: mip.EventCancel, Actor: "p1"}, at(3))
	_, err := s.Lease(t.Context(), at(5), at(6), 1)
	require.NoError(t, err)
	require.NoError(t, s.SaveCursor(t.Context(), "shop", "", "1"))
	for _, key := range []string{"open", "kept"} {
		require.NoError(t, s.Reserve(t.Context(), reservation(key), mip.Balance{Amount: mip.EUR(20_00), ReadAt: at(0)}))
	}
	for _, id := range []string{"1", "2"} {
		_, err := s.Keep(t.Context(), message(id))
		require.NoError(t, err)
	}
	require.NoError(t, s.Limiter("bigbuy", plan).Wait(t.Context(), "orders", 0))
	for _, name := range []string{"purse", "sweep"} {
		mine, err := s.Take(t.Context(), name, "me", time.Hour)
		require.NoError(t, err)
		require.True(t, mine, name)
	}
}

// picture is all that an account can read.
func picture(t *testing.T, s *postgres.Store) string {
	t.Helper()
	var b strings.Builder
	see := func(what any, err error) { _, _ = fmt.Fprintf(&b, "%+v %v\n", what, err) }
	ctx := t.Context()
	for i := range 10 {
		o, err := s.Order(ctx, ref(i))
		see(o, err)
		h, err := s.History(ctx, ref(i))
		see(h, err)
		w, err := s.Waiting(ctx, ref(i))
		see(w, err)
	}
	for o, err := range s.Orders(ctx, mip.Query{States: mip.States()}) {
		see(o.Ref, err)
	}
	for o, err := range s.Orders(ctx, mip.Query{}) {
		see(o, err)
	}
	n, err := s.Counts(ctx)
	see(n, err)
	c, err := s.Cursor(ctx, "shop")
	see(c, err)
	for _, key := range []string{"open", "kept", "new", "never"} {
		r, err := s.Reservation(ctx, key)
		see(r, err)
	}
	r, err := s.Reservations(ctx, "wallet", time.Time{})
	see(r, err)
	due, waits, err := s.NextDue(ctx)
	see(due, err)
	see(waits, nil)
	m, err := s.Pending(ctx, "shop", 99)
	see(m, err)
	return b.String()
}

// rows is all that a database keeps of an account. Tables that no account
// owns are River's own, and the one with the schema's version.
func rows(t *testing.T, cfg postgres.Config, account string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cfg.URL)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(t.Context())) }()
	found, err := conn.Query(t.Context(), `SELECT t.tablename, EXISTS (SELECT FROM information_schema.columns c
		WHERE (c.table_schema, c.table_name, c.column_name) = (t.schemaname, t.tablename, 'account')) FROM pg_tables t WHERE schemaname = 'openmip' ORDER BY 1`)
	require.NoError(t, err)
	var table string
	var owned bool
	queries := []string{}
	_, err = pgx.ForEachRow(found, []any{&table, &owned}, func() error {
		where := map[bool]string{true: "account = $1"}[owned]
		switch {
		case table == "history":
			where = "order_key IN (SELECT key FROM openmip.orders WHERE account = $1)"
		case table == "river_job":
			where = "args->>'account' = $1"
		case where == "":
			assert.True(t, strings.HasPrefix(table, "river_") || table == "openmip", "whose are the rows of %s?", table)
			return nil
		}
		queries = append(queries, "SELECT '"+table+" ' || to_json(x) FROM openmip."+table+" x WHERE "+where+" ORDER BY 1")
		return nil
	})
	require.NoError(t, err)
	var out []string
	for _, text := range queries {
		got, err := conn.Query(t.Context(), text, account)
		require.NoError(t, err)
		lines, err := pgx.CollectRows(got, pgx.RowTo[string])
		require.NoError(t, err)
		out = append(out, lines...)
	}
	return strings.Join(out, "\n")
}

func TestNoMethodSeesOrChangesAnotherAccount(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	store := func(account string) *postgres.Store {
		own := cfg
		own.Account = account
		return open(t, own)
	}
	a, b := store("a"), store("b")
	furnish(t, a)
	for _, s := range []*postgres.Store{b, a} {
		l, err := s.Claim(t.Context(), "a", mip.Effect{Ref: ref(2), Kind: mip.EffectCheck}, 1, at(60))
		require.NoError(t, err)
		assert.Equal(t, s == a, l.Token != 0, "a job of a is done by %s", s.Account())
	}
	alone := picture(t, a)
	furnish(t, b)
	for _, table := range []string{"orders", "history", "effects", "cursors", "reservations", "duties", "budgets", "inbox", "river_job"} {
		require.Contains(t, rows(t, cfg, "a"), table+" {")
	}
	covered := []string{"Close"} // of connections
	for _, d := range deeds() {
		before, own := rows(t, cfg, "a"), rows(t, cfg, "b")
		t.Run(d.methods, func(t *testing.T) { d.do(t, b) })
		require.Equal(t, before, rows(t, cfg, "a"), "%s on b changes nothing of a", d.methods)
		require.Equal(t, d.reads, own == rows(t, cfg, "b"), "what %s does to b's own", d.methods)
		require.Equal(t, alone, picture(t, a), "%s on b is not seen by a", d.methods)
		covered = append(covered, strings.Fields(d.methods)...)
	}
	for m := range reflect.TypeFor[*postgres.Store]().Methods() {
		assert.True(t, slices.Contains(covered, m.Name), "nobody knows whose rows %s touches", m.Name)
	}
	own := picture(t, b)
	for _, d := range deeds() {
		if d.methods != "Leave" && !strings.Contains(d.methods, "SaveCursor") { // the names are a's as well: they work there as they did here
			t.Run("then on a/"+d.methods, func(t *testing.T) { d.do(t, a) })
		}
	}
	assert.Equal(t, own, picture(t, b))
}
