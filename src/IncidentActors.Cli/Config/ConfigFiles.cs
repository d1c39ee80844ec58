using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Routes;

namespace IncidentActors.Cli.Config;

/// <summary>The files of <c>incident config init</c>, by name.</summary>
internal static class ConfigFiles
{
    public static Dictionary<string, string> Of(ConfigAnswers answers) => new()
    {
        ["appsettings.json"] =
            """
            {
              "Incident": {
                "Roster": "roster.yaml",
                "Routes": "routes.yaml",
                "Permits": "permits.yaml"
              }
            }

            """,
        ["roster.yaml"] = Roster(answers),
        ["routes.yaml"] = Routes(answers),
        ["permits.yaml"] = PermitsYaml.ShippedText(),
        ["NEXT.md"] = Next(answers),
    };

    private static string Roster(ConfigAnswers answers)
    {
        var text = new StringBuilder(
            """
            # Who there is, and who responds to what. `person: true` is a person; the others are programs.
            # Every role that a flow needs must be someone's: `incident config check` names those that are missing.
            members:
              - { handle: "@operator", title: Human in the loop, roles: [operator, approval-manager], person: true }

            """);
        var own = answers.Agents.Select(handle => handle[1..]).Append("operator").Append("approval-manager").ToHashSet();
        var others = FlowSet.Shipped.Latest.SelectMany(RosterCheck.Roles).Where(role => !own.Contains(role)).Distinct().Order(StringComparer.Ordinal);
        foreach (var (index, handle) in answers.People.Index())
        {
            string[] roles = index == 0 ? ["owner", "responder", .. others] : ["responder"];
            if (index == 0) text.Append("  # Roles that none of your agents has yet: move each to the agent that takes it over.\n");
            text.Append($"  - {{ handle: \"{handle}\", roles: [{string.Join(", ", roles)}], team: {answers.Team}, person: true }}\n");
        }

        foreach (var handle in answers.Agents) text.Append($"  - {{ handle: \"{handle}\", roles: [{handle[1..]}], team: {answers.Team} }}\n");
        var people = string.Join(", ", answers.People.Select(handle => $"\"{handle}\""));
        text.Append("\n# Who is called first for an incident of a category, and who next without an answer.\nduties:\n");
        foreach (var category in IncidentCategories.Words.Select(word => word.Text).Distinct())
            text.Append($"  - {{ category: {category}, firstResponders: [\"{answers.People[0]}\"], escalation: [{people}] }}\n");
        return text.ToString();
    }

    /// <summary>The shipped rules with every condition in shadow mode, after a rule for each service.</summary>
    private static string Routes(ConfigAnswers answers)
    {
        var services = string.Concat(answers.Services.Select(service =>
            $"  - {{ name: service-{service}, when: {{ labels: {{ \"service|app|job\": [{service}] }} }}, set: {{ service: {service} }} }}\n"));
        return RoutesYaml.ShippedText()
            .Replace("mode: enforce", "mode: shadow", StringComparison.Ordinal)
            .Replace("\nrules:\n", $"\nrules:\n  # Your services.\n{services}\n", StringComparison.Ordinal);
    }

    private static string Next(ConfigAnswers answers)
    {
        var tokens = string.Concat(answers.Senders.Concat(answers.People.Select(one => one[1..])).Concat(answers.Agents.Select(one => one[1..]))
            .Select(name => $"incident token create @{name} --agent @operator\n"));
        return $"""
            # Next steps

            1. Start the server in this folder: it reads `appsettings.json` here.
            2. Send one alert (docs/ALERTS.md). Conditions are in shadow mode: the incident says what would have been halted, and nothing is.
            3. Watch for a week. Then set `mode: enforce` in `routes.yaml` for each condition that was right.
            4. Before other machines may call, make tokens. The first one ends access without a token for everyone, so make all of them at once:

            ```
            export INCIDENT_TOKEN=$(incident token create @operator --agent @operator)
            {tokens}```

            """;
    }
}
