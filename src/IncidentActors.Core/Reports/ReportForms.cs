using System.Collections.Immutable;

namespace IncidentActors.Core.Reports;

/// <summary>The forms of report that are generated from a timeline, by name: the incident report first.</summary>
public static class ReportForms
{
    private static readonly ImmutableArray<(string Name, Func<Dossier, Report> Write)> All =
    [
        ("incident", IncidentReport.Of),
        ("resolution", ResolutionLine.Of),
        ("chatroom", ChatroomBlock.Of),
        ("handoff", HandoffReport.Of),
        ("knowledge", KnowledgeDraft.Of),
        ("postmortem", dossier => PostmortemDraft.Of(dossier).Report()),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(form => form.Name)];

    /// <summary>The writer of the form; null if no form has that name.</summary>
    public static Func<Dossier, Report>? Find(string name) => All.FirstOrDefault(form => form.Name == name).Write;
}
