using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Server.Json;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Pages.Serving;

namespace IncidentActors.Server.Pages.Postmortems;

/// <summary>An incident's postmortem: its sections, the ATP that it belongs to, and what became of its action items.</summary>
/// <param name="Atp">The ATP that is closed with it; null if nothing asks for a postmortem.</param>
/// <param name="Saved">The artifact that holds it, the latest one.</param>
/// <param name="RefusedBy">An active halt that would refuse the visitor's save, or null.</param>
/// <param name="Actions">ATPs that its action items became.</param>
public sealed record PostmortemModel(
    IncidentState Incident, PostmortemDraft Draft, AtpState? Atp, RunningClock? Due, Flow? Flow, Artifact? Saved, ImmutableArray<AtpState> Actions,
    HaltRecord? RefusedBy)
{
    /// <summary>The flow's own rows that can be taken next by a person's form.</summary>
    public IEnumerable<FlowRow> Steps => Atp is { Finished: false, Type: Type } && Flow is not null
        ? Flow.From(Atp.Status).Where(row => !row.Automatic && row.Tools.Any(tool => tool is "atp_close" or "atp_change_status"))
        : [];

    /// <summary>The visitor, or null if not signed in.</summary>
    public AgentInfo? Caller { get; init; }

    /// <summary>Why the visitor may not take the row, or null. A row that ends the writing waits until all six sections are saved.</summary>
    public string? Refusal(FlowRow row)
    {
        if (Caller is not null && !AtpRequirements.HasRole(Caller, Atp!, row.Role)) return $"This step is for the role {row.Role}.";
        var unsaved = Draft.Sections.Where(section => !section.Written).Select(section => section.Heading.ToLowerInvariant()).ToList();
        return unsaved.Count == 0 || !EndsWriting(row) ? null : $"Save all six sections first. Not saved: {string.Join(", ", unsaved)}.";
    }

    private bool EndsWriting(FlowRow row) => Flow!.State(row.To)?.Active != true
        && Flow.From(row.To).Append(row).Any(next => next.Requires.Artifacts.Any(artifact => artifact.Type == PostmortemDraft.Artifact));

    /// <summary>The type of an ATP that is nothing but a postmortem.</summary>
    public const string Type = "postmortem";

    internal static async Task<PostmortemModel?> ReadAsync(PageRequest request)
    {
        var id = request.Route("id");
        if (!IdText.IsWellFormed(id) || await request.Engine.Dossiers.ReadAsync(id, request.Aborted) is not { } dossier) return null;
        var flows = request.Engine.Options.Flows;
        var atp = Of(dossier, flows);
        var typed = request.Form?.Id == PostmortemForm.Id
            && request.Form.Values.TryGetValue("content", out var content)
            && content is [var text, ..]
            ? text
            : null;
        var caller = await request.CallerAsync();
        return new PostmortemModel(
            dossier.Incident, typed is null ? PostmortemDraft.Of(dossier) : PostmortemDraft.Of(dossier, typed), atp,
            atp is null ? null : await new ClockReader(request).OfAsync(atp),
            atp is null ? null : flows.Find(atp.Flow, atp.FlowVersion),
            atp?.Artifacts.LastOrDefault(artifact => artifact.Type == PostmortemDraft.Artifact),
            [.. dossier.Atps.Where(one => one.Type == "action-item" && one.ParentAtpId == atp?.Id)],
            atp is null ? null : await HaltAsync(request, caller, atp, dossier.Incident))
        {
            Caller = caller,
        };
    }

    private static async Task<HaltRecord?> HaltAsync(PageRequest request, AgentInfo? caller, AtpState atp, IncidentState incident)
    {
        if (caller is null) return null;
        var subject = HaltPolicy.SubjectOf(caller, atp, incident);
        return (await request.Engine.Journal.HaltsAsync(null, request.Aborted)).FirstOrDefault(halt => halt.Covers(subject));
    }

    /// <summary>The open ATP that a postmortem closes or carries on, a postmortem's own before others; else the last one that did.</summary>
    private static AtpState? Of(Dossier dossier, FlowSet flows) => dossier.Atps
        .Where(
            atp =>
                atp.Type == Type
                    || flows
                        .Find(atp.Flow, atp.FlowVersion)?.Rows
                        .Any(row => row.Requires.Artifacts.Any(artifact => artifact.Type == PostmortemDraft.Artifact))
                        == true)
        .OrderBy(atp => atp.Finished).ThenBy(atp => atp.Type != Type).ThenByDescending(atp => atp.CreatedAt)
        .FirstOrDefault();
}
