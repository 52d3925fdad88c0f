package postgres

import (
	"encoding/json"
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

// jobColumns are those of a job that differ from River's defaults, and
// sameJobOnce keeps a job that waits or runs already from being made twice.
const (
	jobColumns  = "args, kind, max_attempts, priority, queue, scheduled_at, state, unique_key, unique_states"
	sameJobOnce = `ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL
		AND $.river_job_state_in_bitmask(unique_states, state) DO NOTHING`
	mostTries = 30_000 // nothing is ever given up; the column holds no more than 32,767
)

// numberOf is the number of an effect that version of its order brought. The
// room above it is for the times that its job is made anew.
func numberOf(version int) int64 { return int64(version) << 20 }

// work is one effect and the job that does it.
type work struct {
	mip.Effect
	queue string // "" = no job of its own
	args  []byte // of the job, as JSON
}

// works returns what there is to do, at most one for each place.
func (s *Store) works(effects []mip.Effect, seq int64) ([]work, error) {
	var out []work
	for i, e := range effects {
		newer := func(f mip.Effect) bool { return f.Kind == e.Kind && f.Attempt == e.Attempt }
		if slices.ContainsFunc(effects[i+1:], newer) {
			continue
		}
		w := work{Effect: e}
		if e.Kind != mip.EffectTrack { // the account's sweep finds those
			w.queue = s.queueOf(e.Kind, e.Ref.Channel)
			var err error
			if w.args, err = json.Marshal(jobArgs{s.account, e.Ref.Channel, e.Ref.ID, e.Kind, e.Attempt, seq}); err != nil {
				return nil, err
			}
		}
		out = append(out, w)
	}
	return out, nil
}

// queueOf names the queue of an effect. Reports have one per channel, so that
// a slow shop delays nothing else and only processes that know the channel
// take them. Reminders are few and share one: every queue costs an account that
// has nothing to do.
func (s *Store) queueOf(k mip.EffectKind, channel string) string {
	switch k {
	case mip.EffectReport:
		return s.account + "-report-" + channel
	case mip.EffectRemind:
		k = mip.EffectLink
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

// due reports whether a queue should be announced at now.
func (b *bell) due(queue string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.rung[queue]) < bellEvery {
		return false
	}
	if b.rung == nil {
		b.rung = map[string]time.Time{}
	}
	b.rung[queue] = now
	return true
}
