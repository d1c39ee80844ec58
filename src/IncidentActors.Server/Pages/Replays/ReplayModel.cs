using System.Collections.Immutable;
using System.Globalization;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Incidents;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Replays;

/// <summary>An incident as it was at one moment of its past.</summary>
/// <param name="Others">Halts of other incidents that were active then, with their lifted parts.</param>
public sealed record ReplayModel(Replay Replay, ReplayMoment Moment, ImmutableArray<HaltRecord> Others)
{
    /// <summary>Steps that are listed before and after the present one.</summary>
    private const int Around = 15;

    public int Count => Replay.Steps.Length;

    public IEnumerable<ReplayStep> Near => Replay.Steps.Where(step => Math.Abs(step.Number - Moment.Step.Number) <= Around);

    internal static async Task<ReplayModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Dossiers.ReplayAsync(id, request.Aborted) is not { } replay) return null;
        var moment = replay.After(Step(replay, request.Query("at")));
        var known = moment.Halts.Select(halt => halt.Id).ToHashSet();
        var at = moment.Step.At;
        var halts = await request.Engine.Journal.HaltsAsync(at, request.Aborted);
        return new ReplayModel(replay, moment, [.. halts
            .Where(halt => halt.RaisedAt <= at && !known.Contains(halt.Id) && (halt.Incident is null || halt.Incident != id))
            .Select(halt => halt with { LiftedAt = null, Lifts = [.. halt.Lifts.Where(lift => lift.At <= at)] })]);
    }

    /// <summary>A step's number, a time, or nothing: the last step.</summary>
    private static ReplayStep Step(Replay replay, string? at) =>
        int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? replay.Steps[Math.Clamp(number, 1, replay.Steps.Length) - 1]
            : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? replay.StepAt(time) : replay.Steps[^1];
}
