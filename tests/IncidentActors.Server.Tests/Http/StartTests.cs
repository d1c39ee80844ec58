using System.Diagnostics;
using IncidentActors.Server.Hosting;
using IncidentActors.Silo;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Http;

/// <summary>The program as it is started on a command line.</summary>
[Slow]
public sealed class StartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("incident-start-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_says_where_it_listens_and_where_the_data_is_and_stops_on_SIGTERM()
    {
        await using var server = new ServerProcess("--data", folder, "--log", "json");
        await server.StartAsync();
        using var declared = await server.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, "/api/incidents")
        {
            Content = new StringContent("""{"title":"kept","severity":"P2","description":"secret words"}"""),
            Headers = { { "X-Agent", "@pm" } },
        });
        Assert.True(declared.IsSuccessStatusCode);
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains($"http://127.0.0.1:{server.Port}", server.Output, StringComparison.Ordinal);
        Assert.Contains(folder, server.Output, StringComparison.Ordinal);
        Assert.Contains("loopback only", server.Output, StringComparison.Ordinal);
        Assert.Matches("\"IncidentId\":\"INC-", server.Output);
        Assert.DoesNotContain("secret words", server.Output, StringComparison.Ordinal);

        await server.StartAsync();
        Assert.Contains("kept", await server.GetStringAsync("/api/incidents"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--colour", "--colour", "red")]
    [InlineData(2, "--port", "--port", "many")]
    [InlineData(2, "needs a value", "--data")]
    [InlineData(2, "strict", "--clocks", "slow")]
    [InlineData(2, "at least 1h", "--keep-keys", "5m")]
    [InlineData(2, "was removed", "--engine", "orleans")]
    [InlineData(2, "--silo-port", "--silo-port", "99999")]
    [InlineData(2, "IP address", "--silo-address", "here")]
    [InlineData(2, "loopback only", "--urls", "http://0.0.0.0:7070")]
    [InlineData(2, "loopback only", "--silo-address", "10.1.2.3", "--silo-unencrypted")]
    [InlineData(2, "connection string", "--journal", "colour=red")]
    [InlineData(4, "PostgreSQL", "--journal", "Host=127.0.0.1;Port=1;Database=x;Username=x")]
    [InlineData(5, "nowhere", "--roster", "/nowhere/roster.yaml")]
    [InlineData(5, "nowhere", "--flows", "/nowhere/flows")]
    public async Task Bad_arguments_end_it_with_a_sentence(int code, string said, params string[] arguments)
    {
        var (exit, error) = await FailAsync(arguments);
        Assert.Equal(code, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_and_a_locked_folder_are_said()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (port, busy) = await FailAsync("--port", $"{server.Address.Port}", "--data", folder);
        Assert.Equal(3, port);
        Assert.Contains("--port", busy, StringComparison.Ordinal);
        var (locked, held) = await FailAsync("--port", "0", "--data", server.Data);
        Assert.Equal(4, locked);
        Assert.Contains("Another process", held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_silo_is_open_to_other_machines_only_with_a_token_and_a_flag()
    {
        var failure = await Assert.ThrowsAsync<StartFailure>(() => ServerUnderTest.StartAsync(change: options => options with
        {
            FirstToken = new string('a', 64), Silo = options.Silo with { Address = System.Net.IPAddress.Parse("10.1.2.3") },
        }));
        Assert.Equal(ExitCode.Arguments, failure.Code);
        Assert.Contains("--silo-certificate", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--silo-unencrypted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silos_certificate_that_cannot_be_used_is_said()
    {
        using var authority = new TestAuthority();
        var (certificate, _) = authority.Silo();
        var partial = await FailWithAsync(new SiloTls(certificate));
        Assert.Equal((ExitCode.Arguments, true), (partial.Code, partial.Message.Contains("--silo-ca", StringComparison.Ordinal)));
        var foreign = await FailWithAsync(new SiloTls(certificate, authority.Silo("another").Key, authority.Authority));
        Assert.Equal(ExitCode.Files, foreign.Code);

        static Task<StartFailure> FailWithAsync(SiloTls tls) => Assert.ThrowsAsync<StartFailure>(
            () => ServerUnderTest.StartAsync(change: options => options with { Silo = options.Silo with { Tls = tls } }));
    }

    [Fact]
    public async Task A_silo_port_that_is_taken_is_said()
    {
        var taken = Ports.Free();
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Silo = options.Silo with { SiloPort = taken } });
        var (exit, said) = await FailAsync("--port", "0", "--data", folder, "--silo-port", $"{taken}");
        Assert.Equal(3, exit);
        Assert.Contains("--silo-port", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_secret_for_runbooks_ends_it_before_anything_is_opened()
    {
        var kept = Path.Combine(folder, "kept");
        var failure = await Assert.ThrowsAsync<StartFailure>(
            () => ServerUnderTest.StartAsync(change: options => options with { Data = kept, RunbookSecret = "whsec_short" }));
        Assert.Equal(ExitCode.Arguments, failure.Code);
        Assert.Contains("INCIDENT_RUNBOOK_SECRET", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(kept));
    }

    [Fact]
    public async Task A_broken_flow_is_refused_with_file_line_and_reason()
    {
        var flows = Directory.CreateDirectory(Path.Combine(folder, "flows")).FullName;
        await File.WriteAllTextAsync(Path.Combine(flows, "odd.yaml"), "name: odd\nversion: 1\ntitle: Odd\nstates:\n  - { name: Lost }\nrows: []\n");
        var (exit, error) = await FailAsync("--port", "0", "--data", folder, "--flows", flows);
        Assert.Equal(5, exit);
        Assert.Matches(@"odd\.yaml:\d+:\d+: \S+: \S+", error);
    }

    private async Task<(int Exit, string Error)> FailAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident-server.dll"), "serve", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        // A sentence, and no trace of the program's inside beside it.
        Assert.DoesNotContain("   at ", await output + error, StringComparison.Ordinal);
        return (process.ExitCode, error);
    }
}
