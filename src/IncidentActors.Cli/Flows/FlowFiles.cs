using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Flows;

/// <summary>Reads flow files as the server would: against each other, the shipped flows and the shipped roster's roles.</summary>
internal static class FlowFiles
{
    /// <returns>The flows, or none and the problems of all files. A file that is one of the shipped flows, word for word, has none.</returns>
    /// <param name="roster">The roster with the roles that flows may name; null means the shipped roster.</param>
    public static (ImmutableArray<Flow> Flows, ImmutableArray<FlowProblem> Problems) Read(IEnumerable<string> paths, Roster? roster = null)
    {
        var files = paths.Select(path => new FlowFile(path, File.ReadAllText(path))).ToArray();
        var roles = (roster ?? RosterYaml.Shipped()).Members.SelectMany(member => member.Roles);
        var (_, problems) = FlowSet.Shipped.Load(files.Where(file => !FlowSet.Ships(file)), roles);
        return problems.IsEmpty ? ([.. files.Select(file => FlowYaml.Parse(file.Text, file.Name).Flow!)], problems) : ([], problems);
    }
}
