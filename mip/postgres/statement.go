package postgres

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// statement is a text that grows together with its arguments. The same shape
// gives the same text, which the connection prepares once.
type statement struct {
	text strings.Builder
	args []any
}

// arg adds an argument and returns its place.
func (st *statement) arg(v any) string {
	st.args = append(st.args, v)
	return "$" + strconv.Itoa(len(st.args))
}

// add adds a piece of text, of which each "?" stands for the next argument.
func (st *statement) add(text string, args ...any) {
	for _, v := range args {
		before, after, _ := strings.Cut(text, "?")
		st.text.WriteString(before)
		st.text.WriteString(st.arg(v))
		text = after
	}
	st.text.WriteString(text)
}

// statement writes everything in one flat statement: the server spends less on
// it than on reading and joining arrays, and commits after one round trip. All
// parts hang on "o", which is empty if the order changed meanwhile.
func (c *change) statement(r row, entry []byte) (string, []any) {
	var st statement
	c.writeOrder(&st, r)
	if entry != nil {
		st.add(", h AS (INSERT INTO $.history (order_key, body) SELECT key, ? FROM o)", entry)
	}
	var calls []string
	for i, w := range c.works {
		c.writeEffect(&st, i, w)
		if w.queue != "" && !w.Due.After(c.at) && c.s.bell.due(w.queue, time.Now()) {
			calls = append(calls, announcement(w.queue))
		}
	}
	if calls == nil {
		st.add(" SELECT coalesce(max(key), 0), count(*), 0 FROM o")
	} else {
		st.add(" SELECT (SELECT coalesce(max(key), 0) FROM o), (SELECT count(*) FROM o), (SELECT count(pg_notify(?, call)) FROM o, unnest(?::text[]) AS call)", c.s.schema+".river_insert", calls)
	}
	return c.s.in(st.text.String()), st.args
}

func (c *change) writeOrder(st *statement, r row) {
	if c.key == 0 {
		st.add(`WITH o AS (INSERT INTO $.orders (account, channel, id, version, state, ship_by, received_at, codes, manual_ref, likeness, body, raw)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING key)`,
			c.s.account, c.ref.Channel, c.ref.ID, r.version, r.state, r.shipBy, r.receivedAt, r.codes, r.manualRef, r.likeness, r.body, r.raw)
		return
	}
	st.add("WITH o AS (UPDATE $.orders SET version = ?, state = ?, ship_by = ?, received_at = ?, codes = ?, body = ?",
		r.version, r.state, r.shipBy, r.receivedAt, r.codes, r.body)
	if c.old.ManualRef != r.manualRef {
		st.add(", manual_ref = ?", r.manualRef)
	}
	if int64(c.old.Likeness()) != r.likeness || string(c.old.State) != r.state { //nolint:gosec // all 64 bits; an older release stored none
		st.add(", likeness = ?", r.likeness)
	}
	if !bytes.Equal(c.old.Raw, r.raw) {
		st.add(", raw = ?", r.raw)
	}
	st.add(" WHERE key = ? AND version = ? RETURNING key)", c.key, c.old.Version)
}

// writeEffect writes an effect and its job, as River itself would write it.
// Soon due ones are made available right away, which saves the hop through
// River's scheduler.
func (c *change) writeEffect(st *statement, i int, w work) {
	seq := numberOf(c.res.Order.Version)
	st.add(", e"+strconv.Itoa(i)+` AS (INSERT INTO $.effects (order_key, account, kind, attempt, due, since, seq)
		SELECT key, ?, ?, ?, ?, ?, ? FROM o
		ON CONFLICT (order_key, kind, attempt) DO UPDATE SET due = excluded.due, since = excluded.since, tries = 0, seq = excluded.seq)`,
		c.s.account, string(w.Kind), w.Attempt, nanos(w.Due), nanos(c.at), seq)
	if w.queue == "" {
		return
	}
	at := instant(nanos(w.Due))
	st.add(", j"+strconv.Itoa(i)+" AS (INSERT INTO $.river_job ("+jobColumns+") SELECT ?, 'openmip_effect', ", w.args)
	st.add(fmt.Sprint(mostTries)+`, ?, ?, greatest(now(), ?), (CASE WHEN ? > now() + interval '5 s' THEN 'scheduled' ELSE 'available' END)::$.river_job_state,
		`+jobKey("key", "?::bigint", "?::integer", "?::text")+`, B'11110001' FROM o `+sameJobOnce+")",
		priority(w.Kind), w.queue, at, at, seq, w.Attempt, string(w.Kind))
}

// jobKey names the job of an effect among all, in SQL.
func jobKey(order, seq, attempt, kind string) string {
	return "int8send(" + order + ") || int8send(" + seq + ") || int4send(" + attempt + ") || convert_to(" + kind + ", 'UTF8')"
}

// announcement is what River's clients listen for.
func announcement(queue string) string {
	text, _ := json.Marshal(map[string]string{"queue": queue}) // cannot fail
	return string(text)
}
