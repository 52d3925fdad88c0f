package postgres

import (
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// jobArgs is what River keeps of an effect: whose it is and which number it
// had. A job whose number is not the effect's any more is outdated.
type jobArgs struct {
	Account string         `json:"account"`
	Channel string         `json:"channel"`
	ID      string         `json:"id"`
	Effect  mip.EffectKind `json:"kind"`
	Attempt int            `json:"attempt"`
	Seq     int64          `json:"seq"`
}

// Kind implements River's JobArgs.
func (jobArgs) Kind() string { return "openmip_effect" }

func (a jobArgs) ref() mip.Ref { return mip.Ref{Channel: a.Channel, ID: a.ID} }

// insertJobs makes the jobs of the rows in "todo", as River itself writes
// them, in the statement that decided them: one round trip instead of four. A
// job that waits or runs already is not made twice. Soon due ones are made
// available right away, which saves the hop through River's scheduler.
const insertJobs = `INSERT INTO $.river_job
	(args, kind, max_attempts, priority, queue, scheduled_at, state, unique_key, unique_states)
	SELECT args, 'openmip_effect', 30000, priority, queue, at,
		(CASE WHEN at > now() + interval '5 s' THEN 'scheduled' ELSE 'available' END)::$.river_job_state,
		sha256(convert_to(args::text, 'UTF8')), B'11110001'
	FROM (SELECT ` + argsOf + ` AS args, priority, queue, greatest(now(), to_timestamp(due / 1e9)) AS at FROM todo e) AS jobs
	ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL
		AND $.river_job_state_in_bitmask(unique_states, state) DO NOTHING RETURNING queue`

const (
	argsOf = "jsonb_build_object('account', e.account, 'channel', e.channel, 'id', e.id, 'kind', e.kind, 'attempt', e.attempt, 'seq', e.seq)"

	// sameJob finds the job of the effect e of the order o, unless it ended.
	sameJob = `j.unique_key = sha256(convert_to(jsonb_build_object('account', e.account, 'channel', o.channel, 'id', o.id,
		'kind', e.kind, 'attempt', e.attempt, 'seq', e.seq)::text, 'UTF8'))
		AND j.unique_states IS NOT NULL AND $.river_job_state_in_bitmask(j.unique_states, j.state)`
)

// ringBell tells the waiting processes which queues have something new;
// "SELECT 0" stands in for it where the bell was rung a moment ago.
const (
	ringBell = `(SELECT count(pg_notify(@schema || '.river_insert', json_build_object('queue', queue)::text))
		FROM (SELECT DISTINCT queue FROM todo WHERE due <= @at) AS rung)`
	silence = "0"
)

// work is effects in columns, at most one for each place.
type work struct {
	kinds      []string
	attempts   []int32
	dues       []int64
	queues     []string // "" = no job of its own
	priorities []int32
}

func (s *Store) work(effects []mip.Effect) work {
	var w work
	for i, e := range effects {
		newer := func(f mip.Effect) bool { return f.Kind == e.Kind && f.Attempt == e.Attempt }
		if slices.ContainsFunc(effects[i+1:], newer) {
			continue
		}
		w.kinds = append(w.kinds, string(e.Kind))
		w.attempts = append(w.attempts, int32(e.Attempt))
		w.dues = append(w.dues, nanos(e.Due))
		queue := s.queueOf(e.Kind, e.Ref.Channel)
		if e.Kind == mip.EffectTrack {
			queue = "" // the account's sweep finds it
		}
		w.queues = append(w.queues, queue)
		w.priorities = append(w.priorities, priority(e.Kind))
	}
	return w
}

// queueOf names the queue of an effect. Reports have one per channel, so that
// a slow shop delays nothing else and only processes that know the channel
// take them.
func (s *Store) queueOf(k mip.EffectKind, channel string) string {
	if k == mip.EffectReport {
		return s.account + "-report-" + channel
	}
	return s.account + "-" + string(k)
}

// priority is River's, 1 to 4, the most urgent kinds first.
func priority(k mip.EffectKind) int32 {
	all := mip.EffectKinds()
	return 1 + int32(slices.Index(all, k)*4/len(all))
}

// bell keeps how lately each queue was announced. An announcement takes a lock
// of the whole server's at commit, and one in 10 ms wakes everybody as well.
type bell struct {
	mu   sync.Mutex
	rung map[string]time.Time
}

const bellEvery = 10 * time.Millisecond

// due reports whether one of the queues should be announced at now.
func (b *bell) due(queues []string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung == nil {
		b.rung = map[string]time.Time{}
	}
	any := false
	for _, q := range queues {
		if q != "" && now.Sub(b.rung[q]) >= bellEvery {
			b.rung[q], any = now, true
		}
	}
	return any
}
