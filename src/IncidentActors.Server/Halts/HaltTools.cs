using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Halts;

public sealed record HaltRaiseArguments
{
    [Description("What must stop: 'all', 'team:x', 'agent:@dev' or 'atp:AT-…'."), JsonConverter(typeof(ScopeText))]
    public required string Scope { get; init; }

    [Description("Why; those who are stopped are told it."), MaxLength(1000)]
    public required string Reason { get; init; }

    [Description("The incident whose own work goes on."), JsonConverter(typeof(IdText))]
    public string? Incident { get; init; }

    [Description("'enforce' (default), 'warn' or 'shadow' (only records what would have stopped)."), JsonConverter(typeof(HaltModeText))]
    public HaltMode? Mode { get; init; }

    [Description(Arguments.Overriding), MaxLength(Arguments.LongestOverride)]
    public string? Override { get; init; }
}

public sealed record HaltStatusArguments
{
    [Description("Left out: all of them, newest first."), JsonConverter(typeof(IdText))]
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

    [Description("Part of a halt of everything to lift; left out: all of it."), JsonConverter(typeof(ScopeText))]
    public string? Scope { get; init; }

    [MaxLength(1000)]
    public string? Notes { get; init; }
    [Description(Arguments.Overriding), MaxLength(Arguments.LongestOverride)]
    public string? Override { get; init; }
}

internal static class HaltTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<HaltRaiseArguments>(
            new(
                "halt_raise",
                "Raise a halt",
                "Stops all work in a scope at once. Once answered, no covered turn is committed any more. For the operator and an incident's commander.",
                Destructive: true),
            typeof(HaltView), RaiseAsync),
        Tool.Of<HaltStatusArguments>(
            new("halt_status", "Look at halts", "One halt with who has confirmed it, or the list of halts.", ReadOnly: true, Idempotent: true),
            typeof(Page<HaltView>), StatusAsync),
        Tool.Of<HaltAckArguments>(
            new("halt_ack", "Acknowledge a halt", "Says that you know of the halt and have stopped.", Idempotent: true), typeof(AgentView), AcknowledgeAsync),
        Tool.Of<HaltLiftArguments>(
            new(
                "halt_lift",
                "Lift a halt",
                "Lets work go on: the whole halt, or a part of its scope. For the operator and the incident's commander.",
                Destructive: true,
                Idempotent: true),
            typeof(HaltView), LiftAsync),
    ];

    private static Task<Outcome> RaiseAsync(ToolCall call, HaltRaiseArguments given)
    {
        HaltScope.TryParse(given.Scope, out var scope);
        var id = HaltDecider.IdFrom(call.Call with { Seed = call.Engine.Options.Seeds() });
        var raise = new RaiseHalt(scope, given.Reason, given.Incident, given.Mode ?? HaltMode.Enforce);
        return call.Engine.Actors.Halt(id).DoAsync(raise, call.Because(given.Override).Call).WithCurrentAsync(() => call.IncidentAsync(given.Incident));
    }

    private static Task<Outcome> LiftAsync(ToolCall call, HaltLiftArguments given)
    {
        HaltScope? scope = given.Scope is not null && HaltScope.TryParse(given.Scope, out var part) ? part : null;
        var halt = call.Engine.Actors.Halt(given.HaltId);
        return halt.DoAsync(new LiftHalt(scope, given.Notes), call.Because(given.Override).Call).WithCurrentAsync(halt.GetAsync);
    }

    private static async Task<Outcome> AcknowledgeAsync(ToolCall call, HaltAckArguments given) =>
        await call.Engine.Actors.Halt(given.HaltId).GetAsync() is null
            ? HaltDecider.Unknown(given.HaltId)
            : await call.Engine.Actors.Agent(call.Call.By).DoAsync(new AcknowledgeHalt(given.HaltId, given.Notes), call.Call);

    private static async Task<Outcome> StatusAsync(ToolCall call, HaltStatusArguments given)
    {
        if (given.HaltId is { } id)
        {
            var view = await call.Engine.Actors.Halt(id).GetAsync();
            return view is null
                ? HaltDecider.Unknown(id)
                : new Accepted(ServerJson.Element(new Page<HaltView>([view], null)), view.Version);
        }

        if (given.State is not (null or "active" or "lifted"))
            return Arguments.Malformed("The argument 'state' must be 'active' or 'lifted'.", "active", "lifted");
        if (Looking.BadLimit(given.Limit) is { } bad) return bad;
        var filter = new ActorFilter(ActorKind.Halt)
        {
            Open = given.State is null ? null : given.State == "active",
            Cursor = given.Cursor,
            Limit = given.Limit ?? Looking.DefaultLimit,
        };
        return await Looking.ListAsync<HaltState, HaltView>(call.Engine.Journal, filter, (state, version) => ViewAsync(call, state, version));
    }

    /// <summary>Active halts with who has confirmed them; of lifted ones nobody asks that any more.</summary>
    private static async Task<HaltView> ViewAsync(ToolCall call, HaltState state, long version) =>
        (state.LiftedAt is null ? await call.Engine.Actors.Halt(state.Id).GetAsync() : null) ?? Engine.Views.Halt(state, version, [], [], 0, 0);
}
