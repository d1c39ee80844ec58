using IncidentActors.Core.Policies;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Tests.Hosting;

/// <summary>The command line goes before the environment, and the environment before the file.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Variable = "INCIDENT_PUBLIC_URL";

    private readonly string folder = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_setting_may_stand_in_three_places()
    {
        Write(
            """
            {"Incident":{"SiloPort":2,"Data":"/from/file","Probe":["http://a.example","http://b.example"],"WebhooksPrivate":true,"PublicUrl":"http://file"}}
            """);
        Environment.SetEnvironmentVariable(Variable, "http://environment");
        var options = CommandLine.Parse(["serve", "--silo-port", "3", "--log=json"], folder)!;

        Assert.Equal((3, "/from/file", true), (options.Silo.SiloPort, options.Data, options.JsonLogs));
        Assert.Equal(["http://a.example/", "http://b.example/"], options.Probes.Sites.Select(site => site.ToString()));
        Assert.True(options.Deliveries.AllowPrivate);
        Assert.Equal("http://environment/", options.Deliveries.PublicUrl?.ToString());
        Assert.Equal("http://line/", CommandLine.Parse(["--public-url", "http://line"], folder)!.Deliveries.PublicUrl?.ToString());
        Assert.Equal(7070, options.Port);
    }

    [Fact]
    public void What_deciders_leave_to_their_users_is_set()
    {
        var policy = CommandLine.Parse(["--clocks", "seed-002", "--halt-ending", "ask", "--halt-review", "8h", "--acknowledgement", "each"], folder)!.Policy;
        Assert.Equal(("seed-002", HaltEnding.Ask, false), (policy.Clocks, policy.HaltEnding, policy.OneAcknowledgement));
        Assert.Equal(TimeSpan.FromHours(8), policy.HaltReviewAfter);
        Assert.Equal(new Policy(), CommandLine.Parse(["--halt-ending", "lift", "--acknowledgement", "one"], folder)!.Policy);
        Assert.Contains(
            "'lift' or 'ask'", Assert.Throws<StartFailure>(() => CommandLine.Parse(["--halt-ending", "never"], folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data", "/a", "--data")]
    [InlineData("--probe", "http://a.example", "--probe")]
    [InlineData("--port")]
    [InlineData("--port=")]
    public void An_option_without_its_value_is_refused(params string[] line) =>
        Assert.Contains(
            $"{line[0].TrimEnd('=')} needs a value", Assert.Throws<StartFailure>(() => CommandLine.Parse(line, folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Incident":{"Port":"many"}}""", "--port must be a number")]
    [InlineData("""{"Incident":""", "appsettings.json")]
    public void A_bad_file_is_refused(string text, string said)
    {
        Write(text);
        Assert.Contains(said, Assert.Throws<StartFailure>(() => CommandLine.Parse([], folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("was removed", "--engine", "orleans")]
    [InlineData("was removed", "--engine=embedded")]
    [InlineData("'wrong' is not understood", "wrong")]
    [InlineData("--port needs a value", "--port")]
    [InlineData("--port needs a value", "--port=")]
    public void What_is_wrong_is_said(string said, params string[] arguments) => Assert.Contains(
        said, Assert.Throws<StartFailure>(() => CommandLine.Parse(arguments, folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("serve", "--help")]
    [InlineData("help")]
    public void Help_lists_every_setting(params string[] arguments)
    {
        Assert.Null(CommandLine.Parse(arguments, folder));
        Assert.All(ServerSettings.All, setting => Assert.Contains(setting.Name, CommandLine.Help, StringComparison.Ordinal));
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(folder, "appsettings.json"), text);
}
