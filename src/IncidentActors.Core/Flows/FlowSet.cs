using System.Collections.Immutable;

namespace IncidentActors.Core.Flows;

/// <summary>A flow's text and the name to show for it.</summary>
public sealed record FlowFile(string Name, string Text);

/// <summary>The loaded flows. Several versions of one name may be loaded: a running ATP stays on its own, a new one begins on the latest.</summary>
public sealed class FlowSet
{
    private static readonly Lazy<FlowSet> LazyShipped = new(LoadShipped);

    private FlowSet(ImmutableArray<Flow> flows) => All = flows;

    /// <summary>The flows that come with the program.</summary>
    /// <exception cref="InvalidOperationException">One of them is broken; the message lists every problem.</exception>
    public static FlowSet Shipped => LazyShipped.Value;

    public static FlowSet Empty { get; } = new([]);

    /// <summary>Every loaded flow, all versions, by name and then version.</summary>
    public ImmutableArray<Flow> All { get; }

    /// <summary>The latest version of each flow, the most urgent first.</summary>
    public IEnumerable<Flow> Latest => All
        .GroupBy(flow => flow.Name)
        .Select(versions => versions.Last())
        .OrderByDescending(flow => flow.Urgency);

    /// <summary>The latest version of a flow, or null. Names are compared without case.</summary>
    public Flow? Find(string name) => All.LastOrDefault(flow => string.Equals(flow.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>One version of a flow, or null when that version is not loaded.</summary>
    public Flow? Find(string name, int version) =>
        All.FirstOrDefault(flow => flow.Version == version && string.Equals(flow.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The flow of a new ATP that names none: the one its type names (a <c>review</c> follows <c>review</c>); the one whose ids its id begins
    /// like (<c>AT-EMRG-01</c>); the one whose marker its title or notes begin with (<c>HOTFIX: …</c>), when it is begun at once; an ordinary one whose
    /// keywords are found; else <c>standard</c>. Keywords of urgent flows choose nothing: see <see cref="Suggest"/>.
    /// </summary>
    /// <param name="status">The status that the ATP is set to at once; null if it is only created.</param>
    public Flow Choose(string? id, string? title, string? notes, string? type = null, string? status = null) =>
        (type is null ? null : Find(type))
        ?? Latest.FirstOrDefault(flow => flow.Ids.Any(start => id?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true))
        ?? (status is null ? null : Marked(title, status) ?? Marked(notes, status))
        ?? Matching(id, title, notes).Where(flow => !flow.Urgent).MaxBy(flow => flow.Urgency)
        ?? Find("standard")
        ?? throw new InvalidOperationException("the shipped flow standard, the default, is not loaded");

    /// <summary>The most urgent urgent flow whose keywords are found in id, title or notes, or null. A keyword inside a longer one does not count: an
    /// <c>emergency hotfix</c> is not <c>emergency</c>.</summary>
    public Flow? Suggest(string? id, string? title, string? notes) =>
        Matching(id, title, notes).Where(flow => flow.Urgent).MaxBy(flow => flow.Urgency);

    private IEnumerable<Flow> Matching(string? id, string? title, string? notes) =>
        new[] { id, title, notes }.SelectMany(text => FlowKeywords.Matches(Latest, text ?? ""));

    /// <summary>The flow that has the status as a state of work and has the text before the first colon as a marker.</summary>
    private Flow? Marked(string? text, string status) =>
        Latest.FirstOrDefault(flow => flow.State(status)?.Active == true && flow.AfterMarker(text) is not null);

    /// <summary>This set and <paramref name="flows"/>, which must have been checked.</summary>
    /// <exception cref="ArgumentException">A name and version is loaded already: what
    /// running ATPs follow never changes; give the flow a new version.</exception>
    public FlowSet With(IEnumerable<Flow> flows)
    {
        var all = All.AddRange(flows);
        if (all.GroupBy(flow => (flow.Name, flow.Version)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException(
                $"version {twice.Key.Version} of the flow {twice.Key.Name} is loaded already; give the changed flow a new version",
                nameof(flows));
        }

        return new FlowSet([.. all.OrderBy(flow => flow.Name, StringComparer.Ordinal).ThenBy(flow => flow.Version)]);
    }

    /// <summary>Reads and checks files against each other and against this set. Nothing is added unless every file is good.</summary>
    /// <param name="roles">Roles in addition to the shipped ones, such as the roster's.</param>
    /// <returns>The larger set, or this one and the problems of all files.</returns>
    public (FlowSet Set, ImmutableArray<FlowProblem> Problems) Load(IEnumerable<FlowFile> files, IEnumerable<string>? roles = null)
    {
        var parsed = files.Select(file => FlowYaml.Parse(file.Text, file.Name)).ToArray();
        var context = new FlowContext
        {
            Roles = FlowContext.ShippedRoles.Union(roles ?? []),
            Flows = [.. All, .. parsed.Where(file => file.Flow is not null).Select(file => file.Flow!)],
        };
        ImmutableArray<FlowProblem> problems =
        [
            .. parsed.SelectMany((file, index) => FlowChecker.Check(file, context).AddRange(VersionTaken(file, All.AddRange(Flows(parsed[..index]))))),
        ];
        return problems.IsEmpty ? (With(Flows(parsed)), problems) : (this, problems);
    }

    private static IEnumerable<Flow> Flows(IEnumerable<ParsedFlow> parsed) => parsed.Select(file => file.Flow).OfType<Flow>();

    private static IEnumerable<FlowProblem> VersionTaken(ParsedFlow file, ImmutableArray<Flow> before)
    {
        if (file.Flow is { } flow && before.Any(other => other.Name == flow.Name && other.Version == flow.Version))
        {
            var at = file.Positions.At("version");
            yield return new FlowProblem(file.File, at.Line, at.Column, FlowRules.VersionTaken,
                $"version {flow.Version} of {flow.Name} is loaded already, and what running ATPs follow never changes; raise the version");
        }
    }

    /// <summary>The file is one that ships, word for word.</summary>
    public static bool Ships(FlowFile file) => ShippedFiles().Any(shipped => shipped.Text == file.Text);

    private static IEnumerable<FlowFile> ShippedFiles()
    {
        const string prefix = "IncidentActors.Core.Flows.Shipped.";
        var assembly = typeof(FlowSet).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new FlowFile(name[prefix.Length..], new StreamReader(assembly.GetManifestResourceStream(name)!).ReadToEnd()));
    }

    private static FlowSet LoadShipped()
    {
        var (set, problems) = Empty.Load(ShippedFiles());
        return problems.IsEmpty
            ? set
            : throw new InvalidOperationException($"the shipped flows are broken:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }
}
