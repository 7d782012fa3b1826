package core

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seamapi/terraform-provider-seam/internal/seam"
)

// ActionSpec declares an action on one object.
type ActionSpec struct {
	Name          string // without the provider's prefix: a verb and a noun
	Description   string
	IDAttribute   string // the argument with the object's ID
	IDDescription string // its description
	Others        []ActionArgument
	Timeout       time.Duration
	Invoke        func(client *seam.Client, ctx context.Context, id string, e seam.ActionOptions) error //nolint:revive // a method of the client
}

// ActionArgument is a further argument of an action, which is a string.
type ActionArgument struct {
	Name, Description string
	Optional          bool
	Validators        []validator.String
}

// arguments are the descriptions of all arguments.
func (s ActionSpec) arguments() map[string]string {
	all := map[string]string{s.IDAttribute: s.IDDescription}
	for _, other := range s.Others {
		all[other.Name] = other.Description
	}
	return all
}

// NewAction returns the action that a spec declares.
func NewAction(spec ActionSpec) action.Action {
	return action.ActionWithConfigure(&actionResource{spec: spec})
}

type actionResource struct {
	spec   ActionSpec
	client *seam.Client
}

func (a *actionResource) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.spec.Name
}

func (a *actionResource) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: a.spec.Description,
		Attributes: map[string]schema.Attribute{
			a.spec.IDAttribute: schema.StringAttribute{MarkdownDescription: a.spec.IDDescription, Required: true, Validators: NonEmpty},
			"timeouts": timeouts.AttributesWithOpts(ctx, timeouts.Opts{
				InvokeDescription: fmt.Sprintf("How long the action may take, such as `90s`; %v by default.", FormatMinutes(a.spec.Timeout)),
			}),
		},
	}
	for _, other := range a.spec.Others {
		resp.Schema.Attributes[other.Name] = schema.StringAttribute{
			MarkdownDescription: other.Description, Required: !other.Optional, Optional: other.Optional, Validators: slices.Concat(NonEmpty, other.Validators),
		}
	}
}

func (a *actionResource) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.client, _ = req.ProviderData.(*seam.Client)
}

func (a *actionResource) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var id types.String
	var limit timeouts.Value
	if !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, a.spec.IDAttribute, &id) || !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, "timeouts", &limit) || !requireConfigured(a.client, &resp.Diagnostics) {
		return
	}
	others := map[string]string{}
	for _, other := range a.spec.Others {
		var value types.String
		if !DecodeAttribute(ctx, &resp.Diagnostics, req.Config, other.Name, &value) {
			return
		}
		others[other.Name] = value.ValueString()
	}
	timeout, d := limit.Invoke(ctx, a.spec.Timeout)
	resp.Diagnostics.Append(d...)
	progress, stop := streamProgress(ctx, resp.SendProgress)
	err := WithTimeout(ctx, timeout, a.client.CheckConfiguredWorkspace)
	if err == nil {
		err = a.spec.Invoke(a.client, ctx, id.ValueString(), seam.ActionOptions{
			Timeout: timeout, Others: others, Progress: progress,
			Warn: func(summary, detail string) { resp.Diagnostics.AddWarning(summary, detail) },
		})
	}
	stop()
	if err != nil {
		verb, noun, _ := strings.Cut(a.spec.Name, "_")
		addErrors(&resp.Diagnostics, errorSummary(verb, noun), err, actionAdvice(err), a.spec.arguments())
	}
}

// heartbeat is the longest time without a progress message.
const heartbeat = 10 * time.Second

// streamProgress sends progress messages one at a time, and a "still waiting" message after each
// heartbeat without one. It ends when stop is called.
func streamProgress(ctx context.Context, send func(action.InvokeProgressEvent)) (progress func(string), stop func()) {
	messages, done := make(chan string), make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	start := time.Now()
	go func() {
		defer close(done)
		for {
			timer := time.NewTimer(heartbeat)
			select {
			case message := <-messages:
				send(action.InvokeProgressEvent{Message: message})
			case <-timer.C:
				send(action.InvokeProgressEvent{Message: fmt.Sprintf("Still waiting after %v.", time.Since(start).Round(time.Second))})
			case <-ctx.Done():
				timer.Stop()
				return
			}
			timer.Stop()
		}
	}()
	progress = func(message string) {
		select {
		case messages <- message:
		case <-ctx.Done():
		}
	}
	return progress, func() { cancel(); <-done }
}
