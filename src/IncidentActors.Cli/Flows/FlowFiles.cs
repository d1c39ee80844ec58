using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Flows;

/// <summary>Reads flow files as the server would: against each other, the shipped flows and the shipped roster's roles.</summary>
internal static class FlowFiles
{
    /// <returns>The flows, or none and the problems of all files. A file that is one of the shipped flows, word for word, has none.</returns>
    public static (ImmutableArray<Flow> Flows, ImmutableArray<FlowProblem> Problems) Read(IEnumerable<string> paths)
    {
        var parsed = paths.Select(path => FlowYaml.Parse(File.ReadAllText(path), path)).ToArray();
        var flows = parsed.Select(file => file.Flow).OfType<Flow>().ToImmutableArray();
        var context = new FlowContext
        {
            Roles = FlowContext.ShippedRoles.Union(RosterYaml.Shipped().Members.SelectMany(member => member.Roles)),
            Flows = [.. FlowSet.Shipped.All.Where(shipped => flows.All(flow => flow.Name != shipped.Name)), .. flows],
        };
        ImmutableArray<FlowProblem> problems = [.. parsed.SelectMany(file => FlowChecker.Check(file, context))];
        return problems.IsEmpty ? (flows, problems) : ([], problems);
    }
}
