using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IncidentActors.Cli;
using IncidentActors.Cli.Http;
using IncidentActors.Cli.Lines;
using IncidentActors.Cli.Terminals;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>What somebody reads who uses the command line for the first time and gets everything wrong.</summary>
public sealed class UsageErrorsTests
{
    private readonly CliRun cli = new();

    public static TheoryData<string> Verbs => EveryVerb.All;

    public static TheoryData<string> Asking => EveryVerb.Asking;

    [Theory]
    [InlineData("lst", "'incident' has no verb 'lst'; did you mean 'list'?")]
    [InlineData("acknowlege", "'incident' has no verb 'acknowlege'; did you mean 'acknowledge'?")]
    [InlineData("xyzzy", "'incident' has no verb 'xyzzy'.")]
    [InlineData("atp shw", "'incident atp' has no verb 'shw'; did you mean 'show'? It has list, show, create, set, status, close.")]
    [InlineData("token", "'incident token' needs a verb. It has create, list, revoke.")]
    [InlineData("webhook", "'incident webhook' needs a verb. It has add, list, on, remove, dead, resend.")]
    [InlineData("list --sevrity SEV-1", "'incident list' takes no '--sevrity'; did you mean '--severity'?")]
    [InlineData("report INC-1 resolution", "'incident report' takes no 'resolution'.")]
    [InlineData("show INC-1 --timeline many", "--timeline takes a whole number, not 'many'.")]
    [InlineData("show INC-1 --server", "--server needs a value: Address of the server (INCIDENT_SERVER; http://127.0.0.1:7070).")]
    [InlineData("note INC-1", "<text> is missing: The note, or @FILE, or - for standard input.")]
    [InlineData("approvals --state opn", "--state must be one of open, approved, rejected, voided, not 'opn' (did you mean 'open'?).")]
    [InlineData("show --nonsense", "'incident show' takes no '--nonsense'.")]
    [InlineData("show --timelin", "'incident show' takes no '--timelin'; did you mean '--timeline'?")]
    [InlineData("halt --reson --reason x", "'incident halt' takes no '--reson'; did you mean '--reason'?")]
    [InlineData("halt all --reason --nonsense", "'incident halt' takes no '--nonsense'.")]
    [InlineData("halt all --reason --incidnt INC-1", "'incident halt' takes no '--incidnt'; did you mean '--incident'?")]
    [InlineData("note INC-1 x --session --agent", "--session needs a value; '--agent' is an option.")]
    [InlineData("declare", "<title> is missing: What is broken; or a text such as \"@DEV /emergency - P0: Payment gateway returning 500 errors\".")]
    [InlineData("declare x", "--severity is missing: SEV-1 … SEV-4, or as other scales call it (P0, critical, major …).")]
    [InlineData("halt raise all", "'incident halt' has no verb 'raise'. It has status, ack, rehearse.")]
    [InlineData("halt all production --reason x", "'incident halt' has no verb 'production'. It has status, ack, rehearse.")]
    [InlineData("list --token --jsn", "'incident list' takes no '--jsn'; did you mean '--json'?")]
    [InlineData(
        "declare @dev --severity SEV-1",
        "A text that begins with a handle is a whole declaration; leave --severity out, or give a title that does not begin with '@'.")]
    public async Task One_mistake_is_one_clear_sentence(string line, string sentence)
    {
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line.Split(' ')));
        var said = Assert.Single(Said());
        Assert.Equal(sentence, said);
        Assert.Empty(cli.Server.Requests);
    }

    [Theory]
    [InlineData("halt everything", "'everything' is not a scope", "--reason is missing", "The caller is missing")]
    [InlineData("declare x --severity huge --category odd", "'huge' is not a severity", "'odd' is not a category", "The caller is missing")]
    [InlineData(
        "send AT-1 hello --to dev@ops --type Foo --priority P9",
        "--subject is missing", "'dev@ops' is not a handle", "--type must be one of Directive", "'P9' is not a priority", "The caller is missing")]
    [InlineData("lift", "<id> is missing: HLT-….", "The caller is missing")]
    public async Task Everything_wrong_is_said_at_once(string line, params string[] sentences)
    {
        cli.Environment.Remove("INCIDENT_AGENT");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line.Split(' ')));
        var said = Said();
        Assert.Equal(sentences.Length, said.Length);
        foreach (var sentence in sentences) Assert.Single(said, one => one.Contains(sentence, StringComparison.Ordinal));
        Assert.Empty(cli.Server.Requests);
    }

    [Theory]
    [InlineData("incident.unknown", "There is no incident INC-1.", "What there is: incident list")]
    [InlineData("incident.unknown", "There is no incident AT-EMRG-7.", "AT-EMRG-7 is the id of an ATP: incident atp show AT-EMRG-7")]
    [InlineData("atp.unknown", "There is no ATP AT-1; create it with atp_create or atp_set.", "What there is: incident atp list")]
    [InlineData("approval.unknown", "There is no approval APR-1.", "What there is: incident approvals")]
    [InlineData("halt.unknown", "There is no halt HLT-1.", "What there is: incident halt status")]
    [InlineData("message.unknown", "There is no message msg-1.", "What there is: incident inbox")]
    [InlineData("knowledge.unknown", "There is no knowledge entry of that id.", "What there is: incident knowledge search")]
    [InlineData("webhook.unknown", "There is no subscription WHK-1.", "What there is: incident webhook list")]
    public async Task An_unknown_id_says_which_verb_lists_them(string rule, string detail, string hint)
    {
        cli.Server.Refuses(HttpStatusCode.NotFound, rule, detail);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("show", "INC-1"));
        Assert.Contains(hint, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_missing_caller_is_asked_for()
    {
        cli.Environment.Remove("INCIDENT_AGENT");
        cli.Server.Refuses(HttpStatusCode.BadRequest, "argument.malformed", "The argument 'cursor' must be the 'next' of an earlier page, unchanged.");
        await cli.RunAsync("list", "--cursor", "x");
        Assert.DoesNotContain("Name the caller", cli.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Asking))]
    public async Task A_refusal_as_json_is_one_object(string path)
    {
        cli.Server.Refuses(HttpStatusCode.NotFound, "incident.unknown", "There is no incident INC-1.");
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync([.. EveryVerb.Sample(path), "--json"]));
        Assert.Equal("There is no incident INC-1.", Json().Text("detail"));
    }

    [Theory, MemberData(nameof(Asking))]
    public async Task No_server_as_json_is_one_object(string path)
    {
        cli.Server.Does(() => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal(ExitCodes.Unreachable, await cli.RunAsync([.. EveryVerb.Sample(path), "--json"]));
        Assert.Equal("client.unreachable", Json().Text("rule"));
    }

    [Theory, MemberData(nameof(Asking))]
    public async Task An_answer_that_is_no_json_becomes_some(string path)
    {
        for (var attempt = 0; attempt < 4; attempt++) cli.Server.Answers("<html>502 Bad Gateway</html>", HttpStatusCode.BadGateway, "text/html");
        Assert.Equal(ExitCodes.Unavailable, await cli.RunAsync([.. EveryVerb.Sample(path), "--json"]));
        Assert.Equal("server.answer", Json().Text("rule"));
    }

    [Theory, MemberData(nameof(Verbs))]
    public async Task A_wrong_line_as_json_is_one_object(string path)
    {
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync([.. path.Split(' ')[1..], "--nonsense", "--json"]));
        Assert.Equal("client.command-line", Json().Text("rule"));
        Assert.Empty(cli.Server.Requests);
    }

    [Theory]
    [InlineData("note", "INC-1", "-- seen at the gateway too")]
    [InlineData("note", "INC-1", "--", "--retries")]
    [InlineData("halt", "all", "--reason=--retries")]
    [InlineData("halt", "all", "--reason", "-- no more retries")]
    public async Task A_text_may_begin_with_two_dashes(params string[] line)
    {
        cli.Server.Refuses(HttpStatusCode.NotFound, "incident.unknown", "There is no incident INC-1.");
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync(line));
        Assert.Single(cli.Server.Requests);
    }

    private string[] Said() => [.. Rejoined(cli.Error).Where(line => line.Length > 0 && !line.StartsWith("See incident", StringComparison.Ordinal))];

    /// <summary>The terminal breaks long lines; a sentence begins with a capital, a quote, &lt; or a dash and the one before it has ended.</summary>
    private static List<string> Rejoined(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && !lines[^1].EndsWith('.') && !lines[^1].EndsWith('?')) lines[^1] += " " + line;
            else lines.Add(line);
        }

        return lines;
    }

    private JsonElement Json()
    {
        var json = JsonDocument.Parse(cli.Output).RootElement;
        Assert.Equal(JsonValueKind.Object, json.ValueKind);
        return json;
    }
}
