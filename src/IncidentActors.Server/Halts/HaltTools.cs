using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Halts;

public sealed record HaltRaiseArguments
{
    [Description("What must stop: " + HaltScope.Forms + "."), JsonConverter(typeof(ScopeText))]
    public required string Scope { get; init; }

    [Description("Why; shown to everybody who is stopped."), MaxLength(1000)]
    public required string Reason { get; init; }

    [Description("Work on this incident continues."), JsonConverter(typeof(IdText))]
    public string? Incident { get; init; }

    [Description("'all' (default), 'outside' (no outside action starts), 'read-only', 'warn' or 'shadow' (records what would have stopped).")]
    [JsonConverter(typeof(HaltModeText))]
    public HaltMode? Mode { get; init; }

    [Description("'required': after the lift each covered agent acknowledges what changed, by halt_ack, before its first turn. Default: 'offered'.")]
    [JsonConverter(typeof(BriefingText))]
    public bool? Briefing { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record HaltStatusArguments
{
    [Description("Default: all halts, newest first."), JsonConverter(typeof(IdText))]
    public string? HaltId { get; init; }

    [Description("'active' or 'lifted', when no halt is named. Left out: both."), MaxLength(10)]
    public string? State { get; init; }

    [Description("The 'next' of an earlier page."), MaxLength(60)]
    public string? Cursor { get; init; }

    [Description("1 to 1000; 100 when left out.")]
    public int? Limit { get; init; }
}

public sealed record HaltAckArguments
{
    [JsonConverter(typeof(IdText))]
    public required string HaltId { get; init; }

    [MaxLength(1000)]
    public string? Notes { get; init; }
}

public sealed record HaltLiftArguments
{
    [JsonConverter(typeof(IdText))]
    public required string HaltId { get; init; }

    [Description("Part of the halt to lift, such as 'agent:@dev' to let chosen agents begin; left out: all of it."), JsonConverter(typeof(ScopeText))]
    public string? Scope { get; init; }

    [Description("Why it may be lifted."), MaxLength(1000)]
    public string? Reason { get; init; }

    [Description("Another name of 'reason'."), MaxLength(1000)]
    public string? Notes { get; init; }

    [Description(Arguments.OwnerOverride), MaxLength(Arguments.MaxOverrideLength)]
    public string? Override { get; init; }
}

public sealed record HaltRehearseArguments
{
    [Description("A word that identifies this rehearsal in the halt's reason; left out: a random one."), JsonConverter(typeof(IdText))]
    public string? Nonce { get; init; }

    [Description("The canary's handle, which alone is halted; left out: '@canary-' and the nonce."), JsonConverter(typeof(HandleText))]
    public string? Canary { get; init; }
}

internal static class HaltTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<HaltRaiseArguments>(
            new(
                "halt_raise",
                "Raise a halt",
                "Stops all work in a scope at once. Once answered, no covered turn is committed any more. For the operator, an incident's commander and pm.",
                Destructive: true),
            typeof(HaltView), RaiseAsync,
            CommandAccess.To<HaltRaiseArguments>(given => [Scope(given.Scope)!.Value, .. Touched.Named(given.Incident, ActorId.Incident)])),
        Tool.Of<HaltStatusArguments>(
            new("halt_status", "Look at halts", "One halt with who has confirmed it, or the list of halts.", ReadOnly: true, Idempotent: true),
            typeof(Page<HaltView>), StatusAsync, CommandAccess.Own),
        Tool.Of<HaltAckArguments>(
            new(
                "halt_ack",
                "Acknowledge a halt",
                "Acknowledges an active halt (you have stopped), or after the lift its briefing (you have read it).",
                Idempotent: true),
            typeof(AgentView), AcknowledgeAsync, CommandAccess.Own),
        Tool.Of<HaltLiftArguments>(
            new(
                "halt_lift",
                "Lift a halt",
                "Lifts the whole halt, or a part of its scope. For the operator, the incident's commander and the agent that raised it by hand.",
                Destructive: true,
                Idempotent: true),
            typeof(HaltView), LiftAsync,
            CommandAccess.To<HaltLiftArguments>(given => [Scope(given.Scope) ?? ActorId.Halt(given.HaltId)])),
        Tool.Of<HaltRehearseArguments>(
            new(
                "halt_rehearse",
                "Rehearse a halt",
                "Halts a canary and says path by path whether it stopped, and in how many milliseconds. Real work is not touched. For the operator.",
                Destructive: true),
            typeof(RehearsalView), RehearseAsync, new CommandAccess([Core.Agents.Roles.Operator, Core.Agents.Roles.Owner], static _ => [Touched.Shared])),
    ];

    private static Task<Outcome> RehearseAsync(ToolCall call, HaltRehearseArguments given)
    {
        var nonce = given.Nonce ?? Rehearsal.NewNonce();
        return new Rehearsal(call.Engine).RunAsync(nonce, given.Canary ?? Core.Agents.Handle.Normalize($"@canary-{nonce}"), call.Call);
    }

    /// <summary>The scope as it was read; null if none is given.</summary>
    private static Touched? Scope(string? text) => text is not null && HaltScope.TryParse(text, out var scope) ? Touched.Of(scope) : null;

    private static Task<Outcome> RaiseAsync(ToolCall call, HaltRaiseArguments given)
    {
        HaltScope.TryParse(given.Scope, out var scope);
        var id = HaltDecider.IdFrom(call.Call with { Seed = call.Engine.Options.Seeds() });
        var raise = new RaiseHalt(scope, given.Reason, given.Incident, given.Mode ?? HaltMode.Enforce, given.Briefing == true ? true : null);
        return call.Engine.Actors.Halt(id).DoAsync(raise, call.Because(given.Override).Call).WithCurrentAsync(() => call.IncidentAsync(given.Incident));
    }

    private static Task<Outcome> LiftAsync(ToolCall call, HaltLiftArguments given)
    {
        if (given is { Reason: not null, Notes: not null })
            return Task.FromResult<Outcome>(Arguments.Malformed("'notes' is another name of 'reason'; give one of them.", "reason"));
        HaltScope? scope = given.Scope is not null && HaltScope.TryParse(given.Scope, out var part) ? part : null;
        var halt = call.Engine.Actors.Halt(given.HaltId);
        return halt.DoAsync(new LiftHalt(scope, given.Reason ?? given.Notes), call.Because(given.Override).Call)
            .WithCurrentAsync(() => call.Engine.Views.HaltAsync(given.HaltId));
    }

    private static async Task<Outcome> AcknowledgeAsync(ToolCall call, HaltAckArguments given) =>
        await call.Engine.Views.HaltAsync(given.HaltId) is null
            ? HaltDecider.Unknown(given.HaltId)
            : await call.Engine.Actors.Agent(call.Call.By).DoAsync(new AcknowledgeHalt(given.HaltId, given.Notes), call.Call);

    private static async Task<Outcome> StatusAsync(ToolCall call, HaltStatusArguments given)
    {
        if (given.HaltId is { } id)
        {
            var view = await call.Engine.Views.HaltAsync(id);
            return view is null
                ? HaltDecider.Unknown(id)
                : new Accepted(ServerJson.Element(new Page<HaltView>([view], null)), view.Version);
        }

        if (given.State is not (null or "active" or "lifted"))
            return Arguments.Malformed("The argument 'state' must be 'active' or 'lifted'.", "active", "lifted");
        if (QueryResults.BadLimit(given.Limit) is { } bad) return bad;
        var filter = new ActorFilter(ActorKind.Halt)
        {
            Open = given.State is null ? null : given.State == "active",
            Cursor = given.Cursor,
            Limit = given.Limit ?? QueryResults.DefaultLimit,
        };
        return await QueryResults.ListAsync<HaltState, HaltView>(call.Engine.Journal, filter, (state, version) => ViewAsync(call, state, version));
    }

    /// <summary>Active halts with their confirmations; lifted ones without.</summary>
    private static async Task<HaltView> ViewAsync(ToolCall call, HaltState state, long version) =>
        (state.LiftedAt is null ? await call.Engine.Views.HaltAsync(state.Id) : null) ?? Engine.Views.Halt(state, version, [], [], 0, 0);
}
