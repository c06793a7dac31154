package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// deliveryWorkers is how many webhooks a program posts to at a time. A receiver that
	// hangs takes one of them for the time of an attempt.
	deliveryWorkers = 16
	// deliveryLease is how long a webhook is lent; it is renewed with each progress.
	deliveryLease = time.Minute
	// deliveryShare is how long a program stays with one webhook while others wait.
	deliveryShare = 5 * time.Second
	// deliveryPause is how often a program looks for webhooks that are due.
	deliveryPause = 250 * time.Millisecond
	// progressPause is how often the progress of a webhook is kept. What was posted since
	// then is posted again if the program is killed.
	progressPause = time.Second
)

// Deliveries posts the entries of the log to webhooks. Several programs may do so on one
// directory. An entry is posted at least once; of one webhook, in the order of the log.
type Deliveries struct {
	webhooks ports.WebhookLeases
	log      ports.LogFollower
	sender   ports.WebhookSender
	clock    ports.Clock
	random   ports.Random
	// failed is called with errors of the stores, and disabled with webhooks that are
	// disabled.
	failed   func(error)
	disabled func(domain.Webhook)
}

// NewDeliveries makes the deliveries of a directory. It calls failed with errors of the
// stores, which are tried again, and disabled with each webhook that it disables.
func NewDeliveries(
	webhooks ports.WebhookLeases, log ports.LogFollower, sender ports.WebhookSender, clock ports.Clock, random ports.Random,
	failed func(error), disabled func(domain.Webhook),
) *Deliveries {
	return &Deliveries{webhooks, log, sender, clock, random, failed, disabled}
}

// Run posts entries until ctx ends. It returns when no message is under way.
func (d *Deliveries) Run(ctx context.Context) {
	var workers sync.WaitGroup
	free := make(chan struct{}, deliveryWorkers)
	defer workers.Wait()
	for {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return
		}
		leased, err := d.lease(ctx)
		if err == nil {
			workers.Go(func() {
				d.deliver(ctx, leased)
				<-free
			})
			continue
		}
		<-free
		if !errors.Is(err, domain.NotFound) {
			d.report(ctx, err)
		}
		select {
		case <-time.After(deliveryPause):
		case <-ctx.Done():
			return
		}
	}
}

func (d *Deliveries) lease(ctx context.Context) (ports.LeasedWebhook, error) {
	end, err := d.log.LogEnd(ctx)
	if err != nil {
		return ports.LeasedWebhook{}, err
	}
	now := d.clock.Now()
	return d.webhooks.LeaseWebhook(ctx, ports.LeaseWebhook{End: end, Now: now, Until: now.Add(deliveryLease)})
}

// deliver posts the entries of a leased webhook, until there are no more, an attempt fails,
// or its share of the time is over. It keeps the progress in the end.
func (d *Deliveries) deliver(ctx context.Context, leased ports.LeasedWebhook) {
	began, kept := d.clock.Now(), d.clock.Now()
	at := delivery{d, leased}
	defer func() {
		if at.keep(ctx, time.Time{}) && !at.Webhook.DisabledAt.IsZero() {
			d.disabled(at.Webhook)
		}
	}()
	for ctx.Err() == nil && d.clock.Now().Sub(began) < deliveryShare {
		page, err := d.log.FollowLog(ctx, ports.FollowLog{After: &at.After, Limit: domain.DefaultListSize})
		if errors.Is(err, domain.Gone) {
			at.Webhook.Disable(d.clock.Now(), domain.WebhookExpired)
			return
		}
		if err != nil {
			d.report(ctx, err)
			return
		}
		for i := range page.Entries {
			if !at.post(ctx, &page.Entries[i]) {
				return
			}
			if now := d.clock.Now(); now.Sub(kept) >= progressPause {
				if !at.keep(ctx, now.Add(deliveryLease)) {
					return
				}
				kept = now
			}
		}
		at.After = page.Next
		if len(page.Entries) < domain.DefaultListSize.Int() {
			return
		}
	}
}

func (d *Deliveries) report(ctx context.Context, err error) {
	if ctx.Err() == nil {
		d.failed(err)
	}
}

// delivery is a webhook that is posted to.
type delivery struct {
	*Deliveries
	ports.LeasedWebhook
}

// post posts an entry, if the webhook wants it, and moves behind it. It reports whether the
// next entry may follow.
func (d *delivery) post(ctx context.Context, entry *ports.FollowedEntry) bool {
	if !d.Webhook.Wants(&entry.Entry, entry.Members) {
		d.After = entry.At
		return true
	}
	now := d.clock.Now()
	outcome := d.sender.SendWebhook(ctx, ports.WebhookMessage{URL: d.Webhook.URL, At: now, Secrets: d.Secrets, Entry: entry.Entry})
	switch {
	case outcome.Delivered():
		d.Webhook.Succeed()
		d.After = entry.At
		return true
	case ctx.Err() != nil: // the program ends; that is no failure of the receiver
	case outcome.Status == 410:
		d.Webhook.Disable(now, domain.WebhookGone)
	default:
		d.Webhook.Fail(now, outcome.RetryAfter, d.jitter())
	}
	return false
}

// jitter is a random number from 0 to 1.
func (d *Deliveries) jitter() float64 {
	var b [1]byte
	d.random.Fill(b[:])
	return float64(b[0]) / 255
}

// keep stores the progress, also when the program ends. It reports whether the lease goes
// on.
func (d *delivery) keep(ctx context.Context, until time.Time) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliveryPause*8)
	defer cancel()
	ctx = ports.WithOrigin(ctx, ports.Origin{Actor: "webhooks"})
	err := d.webhooks.KeepWebhookProgress(ctx, ports.WebhookProgress{
		Webhook: d.Webhook, After: d.After, Lease: d.Lease, Until: until,
	})
	if err != nil && !errors.Is(err, domain.Conflict) {
		d.failed(err)
	}
	return err == nil
}
