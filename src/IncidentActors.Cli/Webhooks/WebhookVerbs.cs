using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Cli.Webhooks;

/// <summary><c>incident webhook add|list|on|remove|dead|resend</c>: notifications to outside receivers.</summary>
internal static class WebhookVerbs
{
    public static Command All(Verbs verbs) => Verbs.Group(
        "webhook", "Outgoing webhooks: notify outside receivers of events", Add(verbs), List(verbs), On(verbs), Remove(verbs), Dead(verbs), Resend(verbs));

    private static Command Add(Verbs verbs)
    {
        var url = Given.Word("url", "Where to deliver: https://…");
        var events = Given.Many(
            "--events",
            "*, hitl (what people are notified of; the default), names or beginnings",
            "*",
            "hitl",
            "incident.*",
            "approval.*",
            "halt.*");
        var format = Given.Text("--format", "standard (default), slack, teams or files: the texts of the reports", "standard", "slack", "teams", "files")
            .OneOf("standard", "slack", "teams", "files");
        return verbs.Acting("add", "Subscribe to what happens from now on; prints the secret that signs", [url, events, format], (line, cancel) =>
        {
            var body = JsonParts.Body(("url", line.Value(url)), ("format", line.Value(format)));
            var wanted = Given.Ids(line.Value(events), []);
            if (wanted.Length > 0) body["events"] = JsonParts.Array(wanted);
            return line.PostAsync(
                "/api/webhooks", body, answer => line.Terminal.Out.WriteLine($"{answer.Json().Text("id")} {answer.Json().Text("secret")}"), cancel);
        });
    }

    private static Command List(Verbs verbs) => verbs.Make("list", "All subscriptions", [], (line, cancel) =>
        line.GetAsync("/api/webhooks", answer => Listed(line, answer.Json()), cancel));

    private static Command On(Verbs verbs)
    {
        var id = Given.Id("id", "WHK-…");
        return verbs.Acting("on", "Resume deliveries where they stopped", [id], (line, cancel) =>
            line.PostAsync($"{Path(line.Value(id))}/on", [], answer => Print(line, answer), cancel));
    }

    private static Command Remove(Verbs verbs)
    {
        var id = Given.Id("id", "WHK-…");
        return verbs.Acting("remove", "Remove a subscription; its waiting deliveries are dropped", [id], (line, cancel) =>
            line.PostAsync($"{Path(line.Value(id))}/remove", [], answer => Print(line, answer), cancel));
    }

    private static Command Dead(Verbs verbs)
    {
        var id = Given.Id("id", "WHK-…");
        return verbs.Make("dead", "Dead letters: what could not be delivered", [id], (line, cancel) =>
            line.GetAsync($"{Path(line.Value(id))}/dead", answer => DeadLetters(line, answer.Json()), cancel));
    }

    private static Command Resend(Verbs verbs)
    {
        var id = Given.Id("id", "WHK-…");
        var number = new Argument<long>("number") { Description = "The dead letter's number", HelpName = "number" };
        return verbs.Acting("resend", "Send a dead letter again, under its old id", [id, number], (line, cancel) =>
            line.PostAsync(
                string.Create(CultureInfo.InvariantCulture, $"{Path(line.Value(id))}/dead/{line.Value(number)}/resend"), [],
                answer => line.Terminal.Out.WriteLine($"{answer.Json().Text("webhookId")} waits to be delivered"), cancel));
    }

    private static void Print(Line line, ServerAnswer answer) => line.Terminal.Out.WriteLine($"{answer.Json().Text("id")} is {answer.Json().Text("status")}");

    private static void Listed(Line line, JsonElement page)
    {
        var table = new ListTable("id", "url", "events", "format", "status");
        foreach (var one in page.Items())
        {
            table.AddRow(
                Words.Text(one.Text("id")), Words.Text(one.Text("url")), Words.Text(string.Join(", ", one.List("events").Select(name => name.GetString()))),
                Words.Text(one.Text("format")), Words.Text(one.Text("offReason") ?? one.Text("status")));
        }

        line.Screen.Write(table);
    }

    private static void DeadLetters(Line line, JsonElement page)
    {
        var table = new ListTable("number", "event", "of", "attempts", "why");
        foreach (var one in page.Items())
        {
            table.AddRow(
                Words.Text(one.Text("number")),
                Words.Text(one.Text("event")),
                Words.Text(one.Text("lane")),
                Words.Text(one.Text("attempts")),
                Words.Text(one.Text("lastError")));
        }

        line.Screen.Write(table);
    }

    private static string Path(string id) => $"/api/webhooks/{Uri.EscapeDataString(id)}";
}
