using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Approvals;
using IncidentActors.Server.Pages.Atps;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Incidents;

/// <summary>One incident with all that happened in it.</summary>
/// <param name="Waits">What its open ATPs wait for.</param>
/// <param name="Timeline">Newest first, as far as the filter shows it.</param>
/// <param name="Left">Older lines that are not shown.</param>
/// <param name="Shown">The filter: <c>key</c>, <c>all</c>, or a kind of line.</param>
/// <param name="Report">The incident report as it would be now.</param>
public sealed record IncidentModel(
    IncidentView Incident, ImmutableArray<IncidentClock> Clocks, ImmutableArray<(AtpState Atp, RunningClock? Due)> Atps, ImmutableArray<AwaitedStep> Waits,
    ImmutableArray<TimelineRow> Timeline, int Left, string Shown, string Report, ImmutableArray<string> Handles)
{
    /// <summary>Questions about its work that wait for an answer.</summary>
    public ImmutableArray<DecisionModel> Decisions { get; init; } = [];

    /// <summary>Who declared it: a handle.</summary>
    public required string DeclaredBy { get; init; }

    /// <summary>Its commander and responders.</summary>
    public ImmutableArray<Participant> People { get; init; } = [];

    /// <summary>Why the visitor may not give a command, by its name in the table of the lifecycle; null: the visitor may.</summary>
    public Func<string, string?> Refusal { get; init; } = static _ => null;

    private const int MaxLines = 150;
    private const int MaxUnsettled = 20;

    /// <summary>Outside actions for the incident with an unknown outcome.</summary>
    public ImmutableArray<PermitView> Unsettled { get; init; } = [];

    internal static async Task<IncidentModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Dossiers.ReadAsync(id, request.Aborted) is not { } dossier) return null;
        var stored = await request.Engine.Journal.LoadAsync(ActorId.Incident(id), request.Aborted);
        var incident = IncidentView.Of(dossier.Incident, stored?.Version ?? 0);
        var shown = request.Query("show") is { } wanted && TimelineRow.Kinds.Any(kind => kind.Id == wanted) ? wanted : TimelineRow.Key;
        var lines = dossier.Timeline
            .Select((one, number) => TimelineRow.Of(one, number))
            .OfType<TimelineRow>()
            .Where(line => line.IsShown(shown))
            .Reverse()
            .ToList();
        var clocks = new ClockReader(request);
        var atps = ImmutableArray.CreateBuilder<(AtpState, RunningClock?)>();
        foreach (var atp in dossier.Atps) atps.Add((atp, await clocks.OfAsync(atp)));
        return new IncidentModel(
            incident,
            await IncidentClock.OfAsync(clocks, incident),
            atps.ToImmutable(),
            [.. dossier.Atps.Select(atp => AwaitedStep.Of(atp, request.Engine.Options)).OfType<AwaitedStep>()],
            [.. lines.Take(MaxLines)],
            Math.Max(0, lines.Count - MaxLines),
            shown,
            IncidentReport.Of(dossier).Markdown,
            [.. request.Engine.Options.Roster.Members.Select(member => member.Handle)])
        {
            Decisions = await DecisionModel.OpenAsync(request, clocks, dossier.Atps.SelectMany(atp => atp.Approvals)),
            DeclaredBy = dossier.Timeline.First(one => one.Event is IncidentDeclared).By,
            People = await Participant.OfAsync(request, dossier),
            Refusal = await request.CallerAsync() is { } caller
                ? name => LifecycleTable.CheckCaller(dossier.Incident, name, caller)?.Sentence
                : static _ => null,
            Unsettled = (await request.Engine.Permits.ListAsync(
                new ActorFilter(ActorKind.Permit) { Open = true, Rank = 0, Incident = id, Limit = MaxUnsettled }, request.Aborted)).Items,
        };
    }
}
