using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;
using IncidentActors.Server.Pages.Documents;

try
{
    if (args is ["journal", .. var rest]) return await JournalCommand.RunAsync(rest, CancellationToken.None);
    if (args is ["import", .. var given]) return await JournalCommand.RunAsync(["import-work", .. given], CancellationToken.None);
    if (args is ["docs", .. var where]) return await DocumentSite.WriteAsync(where);

    if (CommandLine.Parse(args) is not { } options)
    {
        Console.WriteLine(CommandLine.Help);
        return (int)ExitCode.Stopped;
    }

    await using var server = await RunningServer.StartAsync(options);
    if (!options.Quiet)
    {
        Console.WriteLine($"IncidentActors is ready at {server.Address}");
        Console.WriteLine($"  data: {server.Engine.Journal.Description}, artifacts in {server.Engine.Files.Folder}");
        Console.WriteLine(await server.GuardedAsync()
            ? "  callers show a token: 'Authorization: Bearer …'"
            : "  no tokens are configured: the server listens on loopback only and takes the caller from the header X-Agent");
    }

    await server.WaitForShutdownAsync();
    return (int)(server.IsLost ? ExitCode.Expelled : ExitCode.Stopped);
}
catch (StartFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return (int)failure.Code;
}
