using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Problems;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Atps;

internal static class AtpEndpoints
{
    private static readonly Tool Get = ToolCatalogue.Find("atp_get")!;
    private static readonly Tool List = ToolCatalogue.Find("atp_list")!;

    public static void MapAtps(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/atps", ListAsync)
            .Read<Page<AtpView>>("ATPs", "ATPs, most urgent first, then newest; state is open or finished.");
        app.MapGet("/api/atps/{id}", (string id, HttpContext http) => Invocation.GetAsync(http, Get, ("atpId", id)))
            .Read<AtpView>("ATPs", "One ATP with its history, gates, approvals, artifacts, and the rows that lead on.");
        app.MapGet("/api/atps/{id}/artifacts/{artifactId}", ArtifactAsync)
            .Read<ArtifactView>("ATPs", "One artifact with its content.");
    }

    private static Task<IResult> ListAsync(
        HttpContext http, string? state, string? status, string? owner, string? incidentId, string? flow, string? cursor, string? limit) =>
        Invocation.GetAsync(
            http, List, ("state", state), ("status", status), ("owner", owner), ("incidentId", incidentId), ("flow", flow),
            ("cursor", cursor), ("limit", limit));

    private static async Task<IResult> ArtifactAsync(string id, string artifactId, RunningEngine engine, HttpContext http)
    {
        if (!IdText.IsWellFormed(id) || await engine.Views.AtpAsync(id) is not { } atp) return Answer.Of(AtpDecider.Unknown(id));
        return await FindArtifactAsync(engine, atp, artifactId, http.RequestAborted) is { } artifact
            ? Answer.Json(artifact)
            : Answer.Of(Rejected.Unknown(Rules.ArtifactUnknown, $"{id} has no such artifact.", [.. atp.Artifacts.Select(known => known.Id)]));
    }

    /// <summary>An ATP's artifact with its content; null if the id is unknown.</summary>
    internal static async Task<ArtifactView?> FindArtifactAsync(RunningEngine engine, AtpView atp, string artifactId, CancellationToken cancel) =>
        atp.Artifacts.FirstOrDefault(artifact => artifact.Id == artifactId) is { } found && await ContentAsync(engine, atp.Id, artifactId, cancel) is { } added
            ? new ArtifactView(found.Id, atp.Id, found.Type, found.Title, found.By, found.At, found.Outcome, found.Persist, found.Sections, added.Content)
            : null;

    /// <summary>The content is in the event that added the artifact.</summary>
    private static async Task<AtpArtifactAdded?> ContentAsync(RunningEngine engine, string atpId, string artifactId, CancellationToken cancel)
    {
        const int AtOnce = 500;
        if ((await engine.Journal.StateAsync<AtpState>(ActorId.Atp(atpId), cancel))?.Archived is { } archived)
            throw new ArchivedException(archived, atpId);
        for (var after = 0L; ; after += AtOnce)
        {
            var events = await engine.Journal.HistoryAsync(ActorId.Atp(atpId), after, AtOnce, cancel);
            var added = events.Where(one => one.Name == EventTypes.NameOf(typeof(AtpArtifactAdded)))
                .Select(one => (AtpArtifactAdded)EventTypes.Read(one.Name, one.Payload.Span))
                .FirstOrDefault(one => one.ArtifactId == artifactId);
            if (added is not null || events.Count < AtOnce) return added;
        }
    }
}
