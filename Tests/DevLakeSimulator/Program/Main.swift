@main struct SimulatorMain { static func main() async {} }
