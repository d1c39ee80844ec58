using IncidentActors.Server.Hosting;
using IncidentActors.Server.Maintenance;

try
{
    if (args is ["journal", ..])
    {
        if (args is ["journal"] or ["journal", "--help" or "-h" or "help", ..])
        {
            Console.WriteLine(JournalCommand.Help);
            return (int)ExitCode.Stopped;
        }

        return await JournalCommand.RunAsync(args[1..], CancellationToken.None);
    }

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
            : "  no tokens are configured: it listens on loopback only and takes the caller from the header X-Agent");
    }

    await server.WaitForShutdownAsync();
    return (int)(server.Engine.Lost.IsCancellationRequested ? ExitCode.Expelled : ExitCode.Stopped);
}
catch (StartFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return (int)failure.Code;
}
