using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using Spectre.Console;

namespace IncidentActors.Cli.Tokens;

/// <summary><c>incident token create|list|revoke</c>.</summary>
internal static class TokenVerbs
{
    public static Command All(Verbs verbs) =>
        Verbs.Group("token", "Access tokens: who may call, as whom, with which roles", Create(verbs), List(verbs), Revoke(verbs));

    private static Command Create(Verbs verbs)
    {
        var handle = Given.Word("handle", "The holder: @pm; @alertmanager and @pagerduty for sources of alerts", "@", "@alertmanager", "@pagerduty").Handle();
        var roles = Given.Many("--roles", "Roles; left out: the roster's for the handle");
        var days = new Option<int?>("--days") { Description = "Ends after so many days; left out: never", HelpName = "N" };
        var team = Given.Text("--team", "Only for the work of this team");
        var readOnly = new Option<bool>("--read-only") { Description = "The token only reads" };
        const string Means = "Create a token; its secret is printed once and cannot be shown again";
        return verbs.Acting("create", Means, [handle, roles, days, team, readOnly], (line, cancel) =>
        {
            var body = JsonParts.Body(("handle", line.Value(handle)), ("team", line.Value(team)));
            var given = Given.Ids(line.Value(roles), []);
            if (given.Length > 0) body["roles"] = JsonParts.Array(given);
            if (line.Value(readOnly)) body["readOnly"] = true;
            if (line.Value(days) is { } n) body["expiresAt"] = line.Terminal.Now.AddDays(n).ToString("O", CultureInfo.InvariantCulture);
            return line.PostAsync("/api/tokens", body, answer => Created(line, answer.Json(), line.Server.Address.Token is null), cancel);
        });
    }

    private static Command List(Verbs verbs) => verbs.Make("list", "All tokens, without their secrets", [], (line, cancel) =>
        line.GetAsync("/api/tokens", answer => Listed(line, answer.Json()), cancel));

    private static Command Revoke(Verbs verbs)
    {
        var id = Given.Id("id", "The token's id");
        return verbs.Acting("revoke", "Revoke a token at once", [id], (line, cancel) =>
            line.PostAsync(
                $"/api/tokens/{Uri.EscapeDataString(line.Value(id))}/revoke", [],
                answer => line.Terminal.Out.WriteLine($"{answer.Json().Text("id")} is {answer.Json().Text("status")}"), cancel));
    }

    /// <param name="first">It was made without a token, which only the first one can be.</param>
    private static void Created(Line line, JsonElement token, bool first)
    {
        line.Terminal.Out.WriteLine(token.Text("secret"));
        var errors = line.Terminal.Errors.Profile.Out.Writer;
        errors.WriteLine($"Token {token.Text("id")} for {token.Text("handle")}. Save the secret now: it is not shown again.");
        string[] roles = [.. token.List("roles").Select(role => role.GetString()!)];
        if (roles is [var only] && "@" + only == token.Text("handle") && !KnownRoles.Contains(only))
            errors.WriteLine($"Its only role is '{only}', which no shipped flow names. Give --roles, or add {token.Text("handle")} to the roster.");
        if (!first) return;
        errors.WriteLine(
            """
            From now on every caller needs a token. Without one, Alertmanager, PagerDuty senders, agents and pages are refused.
              export INCIDENT_TOKEN=<the secret above>
              incident token create @alertmanager      for Alertmanager (docs/ALERTS.md)
              incident token create @dev               one for each agent and person; pages sign in with it
            """);
    }

    private static HashSet<string> KnownRoles =>
        [.. FlowSet.Shipped.Latest.SelectMany(RosterCheck.Roles), Roles.Operator, Roles.Owner, "responder", "escalation"];

    private static void Listed(Line line, JsonElement page)
    {
        var table = new ListTable("id", "handle", "roles", "scope", "status", "expires", "by");
        foreach (var token in page.Items())
        {
            var scope = (token.Text("team") is { } team ? $"team {team} " : "") + (token.Text("readOnly") == "true" ? "read-only" : "");
            table.AddRow(
                Words.Text(token.Text("id")),
                Words.Text(token.Text("handle")),
                Words.Text(string.Join(", ", token.List("roles").Select(role => role.GetString()))),
                Words.Text(scope.Trim()),
                Words.Text(token.Text("status")),
                token.Time("expiresAt") is { } end ? Ago.Both(end, line.Terminal.Now) : "-",
                Words.Text(token.Text("createdBy")));
        }

        line.Screen.Write(table);
    }
}
